"""Reading the pool of reviewers: what each knows and takes on, how much they have, whether they are away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from grants.enums import ProposalState, ReviewState
from grants.models import Disclosure, FundingRound, Proposal, Review, ReviewerInvitation, ReviewerProfile
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.words import day_words
from sites.models import Component, KeyIssue

CAPACITY = ReviewerProfile._meta.get_field("capacity").default
UNFINISHED = (ReviewState.ASSIGNED, ReviewState.IN_PROGRESS)


@dataclass(frozen=True)
class Load:
    """How many reviews of an open round somebody was asked for, and how many of them are not finished."""

    round: FundingRound
    asked: int
    open: int


@dataclass(frozen=True)
class Member:
    """One reviewer as staff plan with them; without a profile the defaults count."""

    person: User
    organization: str = ""
    capacity: int = CAPACITY
    components: tuple[Component, ...] = ()
    key_issues: tuple[KeyIssue, ...] = ()
    away_from: date | None = None
    away_until: date | None = None
    disclosures: int = 0
    loads: tuple[Load, ...] = ()

    @property
    def away_words(self) -> str:
        """The days they are away, in words; empty without any."""
        if self.away_from is None or self.away_until is None:
            return ""
        return f"{day_words(self.away_from)} to {day_words(self.away_until)}"

    def is_away_on(self, day: date) -> bool:
        """Whether that day is one of the away days."""
        return self.away_from is not None and self.away_until is not None and self.away_from <= day <= self.away_until

    def misses(self, first: date, due: date | None) -> bool:
        """Whether they are away for more than half of the days from `first` to `due`; without `due`, on the first."""
        if due is None or due < first:
            return self.is_away_on(first)
        days = [first + timedelta(days=number) for number in range((due - first).days + 1)]
        return 2 * sum(self.is_away_on(day) for day in days) > len(days)

    def has_room_in(self, load: Load) -> bool:
        """Whether they take on more in that round."""
        return load.asked < self.capacity


def pool() -> QuerySet[User]:
    """Everybody who may be asked to review, by name."""
    people = User.objects.filter(is_active=True, role_grants__role=Role.REVIEWER)
    return people.order_by("name", "email").only("public_id", "name", "email", "is_active")


def people_shown_to(user: User) -> QuerySet[User]:
    """Whose page of the pool this person may open: staff anybody's who reviews or did, a reviewer their own."""
    if user.is_foundation_staff:
        grants = Exists(User.objects.filter(pk=OuterRef("pk"), role_grants__role=Role.REVIEWER))
        return User.objects.filter(grants | Exists(Review.objects.filter(reviewer=OuterRef("pk"))))
    return User.objects.filter(pk=user.pk) if Role.REVIEWER in user.roles else User.objects.none()


def members(people: Iterable[User], *, rounds: Iterable[FundingRound] = ()) -> list[Member]:
    """The people with their profiles and their load in each of the rounds. Five queries, whatever the numbers."""
    people, rounds = list(people), list(rounds)
    keys = [each.pk for each in people]
    profiles = {
        each.user_id: each
        for each in ReviewerProfile.objects.filter(user__in=keys).prefetch_related("components", "key_issues")
    }
    standing = Disclosure.objects.filter(reviewer__in=keys, ended_at=None).order_by()
    disclosures = dict(standing.values_list("reviewer").annotate(number=Count("pk")))
    loads = _loads(keys, rounds)
    return [_member(each, profiles.get(each.pk), disclosures.get(each.pk, 0), loads[each.pk]) for each in people]


def _member(person: User, profile: ReviewerProfile | None, disclosures: int, loads: tuple[Load, ...]) -> Member:
    if profile is None:
        return Member(person, disclosures=disclosures, loads=loads)
    return Member(
        person, profile.organization, profile.capacity, tuple(profile.components.all()), tuple(profile.key_issues.all()),
        profile.away_from, profile.away_until, disclosures, loads,
    )  # fmt: skip


def _loads(keys: list[int], rounds: list[FundingRound]) -> dict[int, tuple[Load, ...]]:
    counts: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    rows = Review.objects.real().filter(reviewer__in=keys, proposal__round__in=rounds)
    rows = rows.exclude(state=ReviewState.RECUSED).order_by().values_list("reviewer", "proposal__round")
    for person, round_, asked, unfinished in rows.annotate(
        asked=Count("pk"), unfinished=Count("pk", filter=Q(state__in=UNFINISHED))
    ):
        counts[person][round_] = (asked, unfinished)
    return {key: tuple(Load(each, *counts[key].get(each.pk, (0, 0))) for each in rounds) for key in keys}


def rounds_in_review() -> list[FundingRound]:
    """The rounds with proposals that are being reviewed, the one that closed last first."""
    waiting = Proposal.objects.filter(round=OuterRef("pk"), state=ProposalState.IN_REVIEW)
    return list(FundingRound.objects.filter(Exists(waiting)).order_by("-closes_at", "-pk"))


def profile_of(person: User) -> ReviewerProfile:
    """The profile as it is stored, or an unsaved one with version 0 and the defaults."""
    rows = ReviewerProfile.objects.prefetch_related("components", "key_issues")
    return rows.filter(user=person).first() or ReviewerProfile(user=person, version=0)


def history_of(person: User) -> list[Review]:
    """What somebody was asked to review, the newest first: rounds, dates and states, never marks."""
    rows = Review.objects.filter(reviewer=person).select_related("proposal__round", "calibration__round")
    rows = rows.only(
        "reference", "state", "kind", "due_on", "created_at", "submitted_at", "recused_at", "reviewer",
        "proposal__round__name", "calibration__round__name",
    )  # fmt: skip
    return list(rows.order_by("-created_at", "-pk")[:100])


def disclosures_of(person: User) -> list[Disclosure]:
    """Standing disclosures first, then those that ended."""
    rows = list(Disclosure.objects.filter(reviewer=person).select_related("declared_by"))
    return sorted(rows, key=lambda each: (each.ended_at is not None, each.name.casefold(), each.pk))


def unanswered_invitations() -> QuerySet[ReviewerInvitation]:
    """Invitations nobody answered or withdrew, also those that expired; the newest first."""
    rows = ReviewerInvitation.objects.filter(accepted_at=None, declined_at=None, withdrawn_at=None)
    return rows.select_related("invited_by")


def invitations_to(user: User, at: datetime) -> QuerySet[ReviewerInvitation]:
    """Open invitations to an address that this person has shown to be theirs."""
    addresses = EmailAddress.objects.filter(user=user, verified=True).values("email")
    return ReviewerInvitation.objects.pending(at).filter(email__in=addresses).select_related("invited_by")
