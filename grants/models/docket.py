"""A docket: what staff recommend for a round's proposals, and what the director made of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from grants.enums import Decision, DocketState, LineVerdict, PointKind
from portal import programme
from portal.access import VisibleQuerySet
from portal.activity.models import Entry
from portal.money import ZERO, MoneyField
from portal.record import Record

_BEFORE_SENDING = [DocketState.DRAFT, DocketState.SET_ASIDE]
# What the director took off a docket: it commits nothing.
TAKEN_OFF = frozenset({LineVerdict.RETURNED, LineVerdict.DECLINED})
# The acts in the log that make a docket say what it says.
_SHAPING = [
    "prepare", "copy", "change_line", "move_line", "sort_lines", "share_awards", "add_line", "remove_line", "send",
]  # fmt: skip
# Where an instance keeps who shaped it, as Django's own cached properties do.
_KEPT = "_shaped_by"


class DocketQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Foundation staff only."""
        return self if user.is_foundation_staff else self.none()


class Docket(Record):
    """Ranked recommendations with five-year amounts against the round's envelope.

    A what-if scenario is another draft of the same round (`copied_from`); the one that is sent is the one confirmed,
    and the other drafts are set aside then.
    """

    round = models.ForeignKey("grants.FundingRound", models.PROTECT, related_name="dockets")
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=16, choices=DocketState, default=DocketState.DRAFT, editable=False)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    approved_at = models.DateTimeField(null=True, editable=False)
    announced_at = models.DateTimeField(null=True, editable=False)
    return_reason = models.TextField(blank=True, editable=False)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="scenarios", editable=False)

    objects = DocketQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DocketState.values), name="docket_state_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=_BEFORE_SENDING, sent_at=None, sent_by=None)
                | (~Q(state__in=_BEFORE_SENDING) & Q(sent_at__isnull=False, sent_by__isnull=False)),
                name="docket_sent_at_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[DocketState.APPROVED, DocketState.ANNOUNCED],
                    approved_at__isnull=False,
                    approved_by__isnull=False,
                )
                | (~Q(state__in=[DocketState.APPROVED, DocketState.ANNOUNCED]) & Q(approved_at=None, approved_by=None)),
                name="docket_approved_at_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(state=DocketState.ANNOUNCED, announced_at__isnull=False)
                | (~Q(state=DocketState.ANNOUNCED) & Q(announced_at=None)),
                name="docket_announced_at_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | (~Q(approved_by=F("prepared_by")) & ~Q(approved_by=F("sent_by"))),
                name="docket_approved_by_somebody_else",
            ),
        ]

    def __str__(self):
        return self.title

    def was_shaped_by(self, user) -> bool:
        """Whether this person recommends what it says: prepared or sent it, or wrote in it or a scenario it comes from.

        One query, two for a copy of a scenario; asked once for this instance.
        """
        known = vars(self).setdefault(_KEPT, {})
        if user.pk not in known:
            known[user.pk] = user.pk in {self.prepared_by_id, self.sent_by_id} or self._is_written_by(user)
        return known[user.pk]

    def _is_written_by(self, user) -> bool:
        family, origin = [self.pk], self.copied_from_id
        if origin:
            rows = Docket.objects.filter(round=self.round_id).values_list("pk", "copied_from")
            parents = dict(rows)
            while origin:
                family.append(origin)
                origin = parents.get(origin)
        acts = Entry.objects.filter(noun=self._meta.label_lower, subject_pk__in=[str(pk) for pk in family])
        return acts.filter(actor=user, verb__in=_SHAPING).exists()


class DocketLine(models.Model):
    """One proposal on a docket. `amount` is the sum of the line's amounts, kept for the database to check."""

    docket = models.ForeignKey(Docket, models.CASCADE, related_name="lines")
    proposal = models.ForeignKey("grants.Proposal", models.PROTECT, related_name="docket_lines")
    rank = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=16, choices=Decision)
    amount = MoneyField(default=ZERO, editable=False)
    note = models.TextField("note for the director", blank=True)
    # What the site has to do or accept for the money; it goes into the agreement.
    conditions = models.TextField("conditions of the award", blank=True)
    feedback = models.TextField("what the applicant is told", blank=True)
    verdict = models.CharField(max_length=8, choices=LineVerdict, default=LineVerdict.OPEN, editable=False)
    verdict_reason = models.TextField("the director's words", blank=True, editable=False)
    verdict_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    verdict_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["docket", "proposal"], name="proposal_once_per_docket"),
            models.CheckConstraint(condition=Q(decision__in=Decision.values), name="docket_decision_is_known"),
            models.CheckConstraint(
                condition=Q(amount__gte=ZERO, amount__lte=programme.TOTAL_CEILING),
                name="docket_amount_within_programme",
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.AWARD) | Q(amount=ZERO), name="docket_money_only_for_awards"
            ),
            models.CheckConstraint(
                condition=Q(verdict=LineVerdict.OPEN, verdict_by=None, verdict_at=None, verdict_reason="")
                | Q(verdict=LineVerdict.AGREED, verdict_by__isnull=False, verdict_at__isnull=False)
                | Q(
                    verdict__in=[LineVerdict.RETURNED, LineVerdict.DECLINED],
                    verdict_by__isnull=False,
                    verdict_at__isnull=False,
                )
                & ~Q(verdict_reason=""),
                name="docket_verdict_says_who_and_why",
            ),
        ]

    def __str__(self):
        return f"{self.docket}: {self.proposal}"

    @property
    def commits(self) -> bool:
        """Whether it takes money out of the envelope: an award that the director has not taken off."""
        return self.decision == Decision.AWARD and self.verdict not in TAKEN_OFF


class DocketAmount(models.Model):
    """The amount recommended for one component in one award year."""

    line = models.ForeignKey(DocketLine, models.CASCADE, related_name="amounts")
    year = models.PositiveSmallIntegerField()
    component = models.ForeignKey("grant_sites.Component", models.PROTECT, related_name="+")
    amount = MoneyField()

    class Meta:
        ordering = ["year", "component__position"]
        constraints = [
            models.UniqueConstraint(fields=["line", "year", "component"], name="one_docket_amount_per_cell"),
            models.CheckConstraint(
                condition=Q(year__gte=1, year__lte=programme.AWARD_YEARS), name="docket_amount_in_an_award_year"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=ZERO, amount__lte=programme.YEARLY_CEILING),
                name="docket_amount_within_yearly_programme",
            ),
        ]

    def __str__(self):
        return f"{self.line}, year {self.year}, {self.component}"


class DocketBook(models.Model):
    """The docket as a PDF for the board, as it stood at a version; a later one does not replace it."""

    docket = models.ForeignKey(Docket, models.PROTECT, related_name="books")
    docket_version = models.PositiveIntegerField()
    document = models.OneToOneField("documents.Document", models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self):
        return f"{self.docket}, version {self.docket_version}"


class FeedbackPoint(models.Model):
    """A strength or weakness that staff chose to tell an applicant, in words of their own or taken from a review."""

    line = models.ForeignKey(DocketLine, models.CASCADE, related_name="points")
    kind = models.CharField(max_length=8, choices=PointKind)
    text = models.TextField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["kind", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PointKind.values), name="feedback_point_kind_is_known"),
            models.CheckConstraint(condition=~Q(text=""), name="feedback_point_says_something"),
        ]

    def __str__(self):
        return self.text
