"""Amendments of an award, and every version an award has had."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from grants.enums import OPEN_AMENDMENTS, AmendmentKind, AmendmentState
from portal import programme
from portal.access import VisibleQuerySet
from portal.money import ZERO, MoneyField
from portal.record import Record


class AmendmentQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Staff see every amendment that was asked for; a team those of its awards, drafts too."""
        if user.is_foundation_staff:
            return self.exclude(state=AmendmentState.DRAFT)
        return self.filter(award__site__in=user.seats.current().values("site"), award__offered_at__isnull=False)


class Amendment(Record):
    """A change a site asks for. Only one is open at a time, so that two can never spend the same money.

    `needs_approval` says what the tolerance rules made of it when it was asked for; a small move approves itself.
    """

    award = models.ForeignKey("grants.Award", models.PROTECT, related_name="amendments")
    kind = models.CharField("what changes", max_length=16, choices=AmendmentKind)
    state = models.CharField(max_length=16, choices=AmendmentState, default=AmendmentState.DRAFT, editable=False)
    reason = models.TextField("why")
    # The new last day, of an extension without cost.
    ends_on = models.DateField("new last day", null=True, blank=True)
    # The new fiscal agent.
    payee = models.ForeignKey("grant_sites.Partner", models.PROTECT, null=True, blank=True, related_name="+")
    people = models.TextField("who leaves, who comes", blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    requested_at = models.DateTimeField(null=True, editable=False)
    needs_approval = models.BooleanField(default=True, editable=False)
    recommended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    recommended_at = models.DateTimeField(null=True, editable=False)
    recommendation = models.TextField(blank=True, editable=False)
    # Empty for one that the tolerance rules approved.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    decision_reason = models.TextField(blank=True, editable=False)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AmendmentState.values), name="amendment_state_is_known"),
            models.CheckConstraint(condition=Q(kind__in=AmendmentKind.values), name="amendment_kind_is_known"),
            models.UniqueConstraint(
                fields=["award"], condition=Q(state__in=sorted(OPEN_AMENDMENTS)), name="one_open_amendment_per_award"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[AmendmentState.DRAFT, AmendmentState.WITHDRAWN])
                | Q(requested_at__isnull=False, requested_by__isnull=False),
                name="amendment_requested_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[AmendmentState.APPROVED, AmendmentState.DECLINED], decided_at__isnull=False)
                | (~Q(state__in=[AmendmentState.APPROVED, AmendmentState.DECLINED]) & Q(decided_at=None)),
                name="amendment_decided_at_follows_state",
            ),
            models.CheckConstraint(
                condition=~Q(state=AmendmentState.APPROVED, needs_approval=True)
                | Q(decided_by__isnull=False, recommended_by__isnull=False),
                name="amendment_approved_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(state=AmendmentState.APPROVED) | ~Q(decided_by=F("recommended_by")),
                name="amendment_approved_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=~Q(state=AmendmentState.DECLINED) | ~Q(decision_reason=""), name="amendment_declined_says_why"
            ),
        ]

    def __str__(self):
        return self.reference


class AmendmentAmount(models.Model):
    """What one component would get in one award year after the amendment; the whole new grid, zero cells left out."""

    amendment = models.ForeignKey(Amendment, models.CASCADE, related_name="amounts")
    year = models.PositiveSmallIntegerField()
    component = models.ForeignKey("grant_sites.Component", models.PROTECT, related_name="+")
    amount = MoneyField()

    class Meta:
        ordering = ["year", "component__position"]
        constraints = [
            models.UniqueConstraint(fields=["amendment", "year", "component"], name="one_amendment_amount_per_cell"),
            models.CheckConstraint(
                condition=Q(year__gte=1, year__lte=programme.AWARD_YEARS), name="amendment_amount_in_an_award_year"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=ZERO, amount__lte=programme.YEARLY_CEILING),
                name="amendment_amount_within_yearly_programme",
            ),
        ]

    def __str__(self):
        return f"{self.amendment}, year {self.year}, {self.component}"


class AwardVersion(models.Model):
    """An award as it stood from `at` on, for good: years, amounts by component, last day, payee. Version 1 is the award.

    `content` has the shape `grants.domain.award_version.content_of` gives.
    """

    award = models.ForeignKey("grants.Award", models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    amendment = models.OneToOneField(Amendment, models.PROTECT, null=True, related_name="made_version")
    content = models.JSONField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["award", "number"], name="award_version_numbered_once"),
            models.CheckConstraint(
                condition=Q(number=1, amendment=None) | Q(number__gt=1), name="award_version_1_is_the_award"
            ),
        ]

    def __str__(self):
        return f"{self.award}, version {self.number}"
