"""A docket: what staff recommend for a round's proposals, and what the director made of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from grants.enums import Decision, DocketState
from portal import programme
from portal.access import VisibleQuerySet
from portal.money import ZERO, MoneyField
from portal.record import Record


class DocketQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Foundation staff only."""
        return self if user.is_foundation_staff else self.none()


class Docket(Record):
    """Ranked recommendations with five-year amounts against the round's envelope."""

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

    objects = DocketQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DocketState.values), name="docket_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=DocketState.DRAFT, sent_at=None, sent_by=None)
                | (~Q(state=DocketState.DRAFT) & Q(sent_at__isnull=False, sent_by__isnull=False)),
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


class DocketLine(models.Model):
    """One proposal on a docket. `amount` is the sum of the line's amounts, kept for the database to check."""

    docket = models.ForeignKey(Docket, models.CASCADE, related_name="lines")
    proposal = models.ForeignKey("grants.Proposal", models.PROTECT, related_name="docket_lines")
    rank = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=16, choices=Decision)
    amount = MoneyField(default=ZERO, editable=False)
    note = models.TextField("note for the director", blank=True)
    feedback = models.TextField("what the applicant is told", blank=True)

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
        ]

    def __str__(self):
        return f"{self.docket}: {self.proposal}"


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
