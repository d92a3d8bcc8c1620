"""A funding round: one call, its dates and ceilings."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from grants.enums import RoundPhase, RoundState
from portal import programme
from portal.access import VisibleQuerySet
from portal.money import ZERO, MoneyField
from portal.record import Record


class FundingRoundQuerySet(VisibleQuerySet):
    def public(self):
        """Rounds anybody may read: published ones, for good."""
        return self.exclude(state=RoundState.DRAFT)

    def visible_to(self, user):
        """Staff see every round, everybody else the published ones."""
        if user.is_authenticated and user.is_foundation_staff:
            return self
        return self.public()

    def open_at(self, moment: datetime):
        """Rounds that take proposals at that moment."""
        return self.filter(state=RoundState.PUBLISHED, opens_at__lte=moment, closes_at__gte=moment)


class FundingRound(Record):
    """One call for proposals. Ceilings are dollars a site and year, and a site and award period of five years."""

    name = models.CharField(max_length=160)
    summary = models.TextField("summary", help_text="Two or three sentences for the list of open calls.")
    guidelines = models.TextField("guidelines", blank=True)
    state = models.CharField(max_length=16, choices=RoundState, default=RoundState.DRAFT, editable=False)
    time_zone = models.CharField("time zone of the dates", max_length=64)
    opens_at = models.DateTimeField("opens")
    closes_at = models.DateTimeField("closes")
    decision_by = models.DateField("decision by", null=True, blank=True)
    first_year_starts_on = models.DateField("first award year starts on")
    yearly_ceiling = MoneyField("most a site may get in a year", default=programme.YEARLY_CEILING)
    total_ceiling = MoneyField("most a site may get in five years", default=programme.TOTAL_CEILING)
    envelope = MoneyField("money for all awards of the round, five years")
    reviews_per_proposal = models.PositiveSmallIntegerField("reviews per proposal", default=3)
    top_score = models.PositiveSmallIntegerField("highest score of the rubric", default=5)
    blind = models.BooleanField("reviewers do not see who applies", default=False)
    sign_offs_required = models.BooleanField("every partner must sign before submitting", default=True)
    report_due_days = models.PositiveSmallIntegerField("days from the end of an award year to its report", default=60)
    takes_late_requests = models.BooleanField("teams may ask for more time", default=True)
    # Which of its question versions a proposal started now answers; see `Question.since`.
    questions_version = models.PositiveSmallIntegerField(default=1, editable=False)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+", editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = FundingRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-closes_at", "-pk"]
        indexes = [models.Index(fields=["state", "closes_at"], name="round_by_state_and_closing")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="round_state_is_known"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="round_closes_after_it_opens"),
            models.CheckConstraint(
                condition=Q(yearly_ceiling__gt=ZERO, yearly_ceiling__lte=programme.YEARLY_CEILING),
                name="round_yearly_ceiling_within_programme",
            ),
            models.CheckConstraint(
                condition=Q(total_ceiling__gt=ZERO, total_ceiling__lte=programme.TOTAL_CEILING),
                name="round_total_ceiling_within_programme",
            ),
            models.CheckConstraint(condition=Q(envelope__gte=ZERO), name="round_envelope_not_negative"),
            models.CheckConstraint(condition=Q(questions_version__gte=1), name="round_questions_version_starts_at_1"),
            models.CheckConstraint(
                condition=Q(top_score__gte=2, top_score__lte=10), name="round_scale_has_two_to_ten_steps"
            ),
            models.CheckConstraint(
                condition=Q(state=RoundState.DRAFT, published_at=None)
                | (~Q(state=RoundState.DRAFT) & Q(published_at__isnull=False)),
                name="round_published_at_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(state=RoundState.DECIDED, decided_at__isnull=False)
                | (~Q(state=RoundState.DECIDED) & Q(decided_at=None)),
                name="round_decided_at_follows_state",
            ),
        ]

    def __str__(self):
        return self.name

    def phase_at(self, moment: datetime) -> RoundPhase:
        """Draft, opens soon, open, closed or decided. A request that arrived at the closing instant is in time."""
        if self.state == RoundState.DRAFT:
            return RoundPhase.DRAFT
        if self.state == RoundState.DECIDED:
            return RoundPhase.DECIDED
        if moment < self.opens_at:
            return RoundPhase.SCHEDULED
        return RoundPhase.OPEN if moment <= self.closes_at else RoundPhase.CLOSED
