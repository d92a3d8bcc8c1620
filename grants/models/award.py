"""An award, its five years, and the ledger of what a site holds in each school year."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from grants.enums import ENDED_AWARDS, LIVE_AWARDS, AwardState
from portal import programme
from portal.access import VisibleQuerySet
from portal.money import ZERO, MoneyField
from portal.record import Record
from sites.enums import TaxStatus
from sites.identifiers import show_ein


class AwardQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Staff see every award; a site's team sees its own once it was announced."""
        if user.is_foundation_staff:
            return self
        return self.filter(site__in=user.seats.current().values("site"), offered_at__isnull=False)


class Award(Record):
    """What a director approved for a proposal. The round's ceilings and the payee are frozen here."""

    proposal = models.OneToOneField("grants.Proposal", models.PROTECT, related_name="award")
    docket_line = models.OneToOneField("grants.DocketLine", models.PROTECT, related_name="award")
    round = models.ForeignKey("grants.FundingRound", models.PROTECT, related_name="awards")
    site = models.ForeignKey("grant_sites.Site", models.PROTECT, related_name="awards")
    state = models.CharField(max_length=16, choices=AwardState, default=AwardState.APPROVED, editable=False)
    amount = MoneyField()
    yearly_ceiling = MoneyField()
    total_ceiling = MoneyField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    payee_name = models.CharField("paid to", max_length=160)
    payee_ein = models.CharField("EIN", max_length=9, blank=True)
    payee_tax_status = models.CharField("tax status", max_length=16, choices=TaxStatus, blank=True)
    recommended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField("agreement signed", null=True)
    closed_at = models.DateTimeField(null=True)
    terminated_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    # Why it ended before its time, as it was told to both sides.
    end_reason = models.TextField(blank=True)
    # Papers of an ended award are kept until then, and longer while a legal hold stands.
    retained_until = models.DateField(null=True)

    objects = AwardQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AwardState.values), name="award_state_is_known"),
            models.CheckConstraint(
                condition=Q(yearly_ceiling__gt=ZERO, yearly_ceiling__lte=programme.YEARLY_CEILING),
                name="award_yearly_ceiling_within_programme",
            ),
            models.CheckConstraint(
                condition=Q(total_ceiling__gt=ZERO, total_ceiling__lte=programme.TOTAL_CEILING),
                name="award_total_ceiling_within_programme",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=ZERO, amount__lte=F("total_ceiling")), name="award_amount_within_ceiling"
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="award_ends_after_it_starts"),
            models.CheckConstraint(
                condition=~Q(approved_by=F("recommended_by")), name="award_approved_by_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(state=AwardState.APPROVED, offered_at=None)
                | Q(state__in=[AwardState.TERMINATED, AwardState.WITHDRAWN])
                | (~Q(state=AwardState.APPROVED) & Q(offered_at__isnull=False)),
                name="award_offered_at_follows_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[AwardState.ACTIVE, AwardState.CLOSED]) | Q(agreed_at__isnull=False),
                name="award_agreed_at_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(state=AwardState.CLOSED, closed_at__isnull=False)
                | (~Q(state=AwardState.CLOSED) & Q(closed_at=None)),
                name="award_closed_at_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(state=AwardState.TERMINATED, terminated_at__isnull=False)
                | (~Q(state=AwardState.TERMINATED) & Q(terminated_at=None)),
                name="award_terminated_at_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(state=AwardState.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(state=AwardState.WITHDRAWN) & Q(withdrawn_at=None)),
                name="award_withdrawn_at_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(retained_until=None) | Q(state__in=sorted(ENDED_AWARDS)), name="award_retained_once_ended"
            ),
        ]

    def __str__(self):
        return f"{self.reference} {self.site}"

    @property
    def is_live(self) -> bool:
        """Whether its whole amount still counts under the site's ceilings."""
        return self.state in LIVE_AWARDS

    @property
    def shown_ein(self) -> str:
        """`12-3456789`, empty when it is not known."""
        return show_ein(self.payee_ein) if self.payee_ein else ""


class AwardYear(models.Model):
    """One of the five years. `scheduled` is the sum of its payments, without those cancelled or voided and refunds."""

    award = models.ForeignKey(Award, models.PROTECT, related_name="years")
    number = models.PositiveSmallIntegerField()
    school_year = models.CharField(max_length=7)
    starts_on = models.DateField()
    ends_on = models.DateField()
    amount = MoneyField()
    ceiling = MoneyField()
    scheduled = MoneyField(default=ZERO)

    class Meta:
        ordering = ["award", "number"]
        constraints = [
            models.UniqueConstraint(fields=["award", "number"], name="award_year_numbered_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=programme.AWARD_YEARS), name="award_year_one_to_five"
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="award_year_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(ceiling__gt=ZERO, ceiling__lte=programme.YEARLY_CEILING),
                name="award_year_ceiling_within_programme",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=ZERO, amount__lte=F("ceiling")), name="award_year_within_ceiling"
            ),
            models.CheckConstraint(
                condition=Q(scheduled__gte=ZERO, scheduled__lte=F("amount")), name="award_year_payments_within_amount"
            ),
        ]

    def __str__(self):
        return f"{self.award}, year {self.number}"


class AwardAllocation(models.Model):
    """What one component gets in one award year."""

    award_year = models.ForeignKey(AwardYear, models.PROTECT, related_name="allocations")
    component = models.ForeignKey("grant_sites.Component", models.PROTECT, related_name="+")
    amount = MoneyField()

    class Meta:
        ordering = ["component__position"]
        constraints = [
            models.UniqueConstraint(fields=["award_year", "component"], name="one_allocation_per_component"),
            models.CheckConstraint(
                condition=Q(amount__gt=ZERO, amount__lte=programme.YEARLY_CEILING), name="allocation_within_programme"
            ),
        ]

    def __str__(self):
        return f"{self.award_year}, {self.component}"


class SiteCommitment(models.Model):
    """All a site holds in one school year, from every award together: the net under the ceilings.

    `ceiling` is the lowest yearly ceiling among the site's awards of that year. Written only while the site's row
    is locked (`grants.domain.commitment`); the constraint refuses what a mistake there would let through. A live award
    counts with its whole years, an ended one with what was paid and what had been released before the end: that stays
    until it is paid, or leaves when finance cancels it.
    """

    site = models.ForeignKey("grant_sites.Site", models.PROTECT, related_name="commitments")
    school_year = models.CharField(max_length=7)
    amount = MoneyField()
    ceiling = MoneyField()

    class Meta:
        ordering = ["site", "school_year"]
        constraints = [
            models.UniqueConstraint(fields=["site", "school_year"], name="one_commitment_per_site_and_year"),
            models.CheckConstraint(
                condition=Q(ceiling__gt=ZERO, ceiling__lte=programme.YEARLY_CEILING),
                name="commitment_ceiling_within_programme",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=ZERO, amount__lte=F("ceiling")), name="commitment_within_ceiling"
            ),
        ]

    def __str__(self):
        return f"{self.site} {self.school_year}"
