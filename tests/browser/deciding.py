"""Pages of reviewing, deciding and paying that nobody in the demo has to open now, so that they can be looked at, too."""

import re

from django.urls import reverse

from grants.domain.amendment import start_amendment
from grants.domain.calibration import open_calibration
from grants.domain.condition import add_condition
from grants.domain.queries.calibration import sample_problem
from grants.domain.reviewer_invitation import invite_reviewer
from grants.enums import OPEN_AMENDMENTS, AmendmentKind, AwardState, PaymentState, PlanState, ReviewState, RoundState
from grants.models import AssignmentPlan, Award, FundingRound, LetterTemplate, Payment, Proposal, Review
from portal.accounts.models import User
from portal.activity.domain import allocate
from portal.mail.models import Message
from sites.enums import SeatRole

# Leads of the demo who walk through the portal.
LEADS = ("hugo", "lea", "petra", "chen")


def decide(people: dict[str, User], at) -> dict[str, list[str]]:
    """An amendment being written, a condition in words, somebody invited; returns where else each person has to look."""
    omar = {"actor": people["omar"], "at": at}
    # Of all payments that are still scheduled, the last one waits longest.
    scheduled = Payment.objects.filter(state=PaymentState.SCHEDULED).latest("due_on", "pk")
    add_condition(scheduled, "The new coordinator has begun.", **omar)
    condition = list(scheduled.conditions.values_list("text", flat=True)).index("The new coordinator has begun.") + 1
    invite_reviewer(email="otto@demo.example", name="Otto", **omar)
    invited = Message.objects.filter(template="reviewer_invitation").latest("created_at")
    lead, amendment = _an_amendment(people, at)
    return {
        "visitor": re.findall(r"/reviewers/join/[\w-]+/", invited.text),
        lead: [reverse("grants:amendment-change", args=[amendment.reference])],
        "omar": [*_of_rounds(people, at), *_of_an_award(scheduled, condition)],
        "fay": _of_payments(),
    }


def _an_amendment(people, at):
    free = Award.objects.filter(state=AwardState.ACTIVE).exclude(amendments__state__in=OPEN_AMENDMENTS)
    walking = [people[name].pk for name in LEADS if name in people]
    award = free.filter(site__seats__role=SeatRole.LEAD, site__seats__holder__in=walking).first()
    holder = award.site.seats.get(role=SeatRole.LEAD, ended_at=None).holder
    words = {"people": "Nora Lind follows Sam Ortiz.", "reason": "He moves to the state."}
    amendment = start_amendment(award, AmendmentKind.PEOPLE, actor=holder, at=at, **words)
    return holder.email.partition("@")[0], amendment


def _of_rounds(people, at) -> list[str]:
    plan = AssignmentPlan.objects.filter(state=PlanState.DRAFT).select_related("round").first()
    sent = AssignmentPlan.objects.create(
        reference=allocate("AP", at.year), round=plan.round, state=PlanState.SENT, per_proposal=2,
        made_by=people["omar"], sent_by=people["omar"], sent_at=at,
    )  # fmt: skip
    call = FundingRound.objects.filter(state=RoundState.PUBLISHED, calibration=None, criteria__isnull=False).first()
    # A sample may come from another round.
    sample = next(each for each in Proposal.objects.exclude(submissions=None) if not sample_problem(call, each))
    open_calibration(call, sample, actor=people["omar"], at=at)
    own = LetterTemplate.objects.select_related("round").first()
    asked = Review.objects.real().filter(state=ReviewState.ASSIGNED).first()
    return [
        reverse("grants:assignment-send", args=[plan.round.reference]),
        reverse("grants:assignment-sent", args=[plan.round.reference, sent.reference]),
        reverse("grants:calibration-close", args=[call.reference]),
        reverse("grants:calibration-call-off", args=[call.reference]),
        reverse("grants:letter-template-reset", args=[own.round.reference, own.decision]),
        reverse("grants:review-move", args=[asked.reference]),
        reverse("grants:screening-decide"),
    ]


def _of_an_award(scheduled: Payment, condition: int) -> list[str]:
    return [
        reverse("grants:award-close", args=[scheduled.award_year.award.reference]),
        reverse("grants:condition-change", args=[scheduled.reference, condition, "meet"]),
    ]


def _of_payments() -> list[str]:
    cleared = Payment.objects.filter(state=PaymentState.CLEARED).first()
    paid = Payment.objects.filter(state=PaymentState.PAID).first()
    batched = Payment.objects.filter(batch__isnull=False).select_related("batch").latest("pk")
    return [
        reverse("grants:payment-bulk", args=["prepare"]),
        reverse("grants:payment-record-paid", args=[cleared.reference]),
        reverse("grants:refund-new", args=[paid.reference]),
        reverse("grants:batch-paid", args=[batched.batch.reference]),
    ]
