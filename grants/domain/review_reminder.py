"""Reminding reviewers of reviews that are due: each moment once, one mail for everything due the same day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from grants import rules
from grants.domain.queries.reviewer import UNFINISHED
from grants.enums import ProposalState, ReviewKind, ReviewReminderMoment
from grants.models import FundingRound, Review, ReviewReminder
from portal.access import Refused, demand
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.activity.domain import record
from portal.certain import certain
from portal.mail.domain import send
from portal.mail.models import Message
from portal.record import lock, lock_all
from portal.words import counted

# Nobody is written to at night: from this hour on where the foundation is.
MORNING = 8
# By moment, on how many days before the due day (negative: after it) a reminder still goes out. What nothing was there
# to send in these days is not made up for.
_DAYS = {
    ReviewReminderMoment.DAYS_7: range(3, 8),
    ReviewReminderMoment.DAYS_2: range(3),
    ReviewReminderMoment.OVERDUE: range(-3, 0),
}

# Of a real review its proposal is still in review; of a sample the calibration is open.
_WANTED = Q(kind=ReviewKind.REAL, proposal__state=ProposalState.IN_REVIEW) | Q(
    kind=ReviewKind.CALIBRATION, calibration__closed_at=None
)


def remind_reviewers(*, at: datetime) -> int:
    """Write to the reviewers with reviews due in 7 days, in 2 days, or since yesterday. Returns how many mails it wrote.

    Any number may run at once, and after a pause nothing goes out twice. Somebody who was asked after a moment had come
    is not reminded of it: the mail that asked said the day.
    """
    now = timezone.localtime(at)
    if now.hour < MORNING:
        return 0
    written = 0
    for moment, days in _DAYS.items():
        first, last = (now.date() + timedelta(days=number) for number in (days[0], days[-1]))
        rows = Review.objects.filter(_WANTED, due_on__range=(first, last), state__in=UNFINISHED)
        told = ReviewReminder.objects.filter(review=OuterRef("pk"), due_on=OuterRef("due_on"), moment=moment)
        rows = rows.filter(
            ~Exists(told), reviewer__is_active=True, reviewer__role_grants__role=Role.REVIEWER
        )  # fmt: skip
        due: dict[tuple[int, date], list[int]] = defaultdict(list)
        for review in rows.only("reviewer", "due_on", "created_at").order_by("pk"):
            day = certain(review.due_on)
            if moment == ReviewReminderMoment.OVERDUE or _asked_on(review) < day - timedelta(days=days[-1]):
                due[review.reviewer_id, day].append(review.pk)
        written += sum(_remind_of(keys, moment, day, at) for (_, day), keys in sorted(due.items()))
    return written


def _asked_on(review: Review) -> date:
    return timezone.localdate(review.created_at)


def _remind_of(keys: list[int], moment: str, day: date, at: datetime) -> bool:
    """One mail about the reviews of one reviewer that are due on `day`; the rows decide between two who remind at once."""
    with transaction.atomic():
        rows = lock_all(Review.objects.filter(pk__in=keys, state__in=UNFINISHED, due_on=day))
        told = ReviewReminder.objects.filter(review__in=rows, due_on=day, moment=moment)
        known = set(told.values_list("review", flat=True))
        fresh = [each for each in rows if each.pk not in known]
        if not fresh:
            return False
        ReviewReminder.objects.bulk_create(
            ReviewReminder(review=each, due_on=day, moment=moment, at=at) for each in fresh
        )
        reviewer = fresh[0].reviewer
        facts = {"reviewer": reviewer, "number": len(fresh), "due_on": day, "moment": moment, "rounds": _rounds(fresh)}
        key = f"review-reminder:{reviewer.pk}:{day}:{moment}"
        send("review_reminder", reviewer.email, context=facts, key=key)
    return True


def remind_reviewer(round_: FundingRound, reviewer: User, *, actor: User, at: datetime) -> int:
    """A reminder staff send by hand, of everything the reviewer has not finished in a round. Returns how many reviews.

    Raises `Refused` when nothing is open, or the reviewer was reminded by hand today.
    """
    demand(rules.may_assign(round_, actor))
    today = timezone.localdate(at)
    with transaction.atomic():
        row = lock(round_)
        of_round = Q(kind=ReviewKind.REAL, proposal__round=row) | Q(calibration__round=row)
        rows = Review.objects.filter(_WANTED, of_round, reviewer=reviewer, state__in=UNFINISHED)
        fresh = list(rows.order_by("due_on", "pk"))
        if not fresh:
            raise Refused(f"{reviewer} has nothing to finish in this round.")
        key = f"review-reminder-by-hand:{row.reference}:{reviewer.pk}:{today}"
        if Message.objects.filter(key=key).exists():
            raise Refused(f"{reviewer} was reminded today already. Once a day is enough.")
        days = [each.due_on for each in fresh if each.due_on]
        facts = {
            "reviewer": reviewer, "number": len(fresh), "due_on": min(days, default=None), "moment": "",
            "rounds": _rounds(fresh),
        }  # fmt: skip
        send("review_reminder", reviewer.email, context=facts, key=key)
        record(
            row, "remind-reviewer", actor=actor, at=at, facts={"reviewer": reviewer.pk, "reviews": len(fresh)},
            summary=f"Reminded {reviewer} of {counted(len(fresh), 'review')}.",
        )  # fmt: skip
    return len(fresh)


def _rounds(reviews: list[Review]) -> list[str]:
    """The names of the rounds, each once; nothing of the proposals, whose conflict question may be open."""
    rows = Review.objects.filter(pk__in=[each.pk for each in reviews])
    names = rows.values_list(Coalesce("calibration__round__name", "proposal__round__name"), flat=True)
    return sorted(set(names))
