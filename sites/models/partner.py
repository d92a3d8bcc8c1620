"""A partner of a coalition, the person who signs for it, and how it can be paid."""

import uuid

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from sites.enums import PartnerKind, TaxStatus
from sites.identifiers import show_ein

# The district, its union, then the community.
_AS_THEY_ARE_TOLD = models.Case(
    models.When(kind=PartnerKind.DISTRICT, then=0), models.When(kind=PartnerKind.UNION, then=1), default=2
)


def _empty_or_long(field: str, length: int) -> models.Q:
    """The identifier is absent or complete."""
    return models.Q(**{field: ""}) | models.Q(Exact(Length(field), length))


class Partner(models.Model):
    """An organisation in a coalition. Identifiers are text, because leading zeros matter."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey("grant_sites.Site", models.CASCADE, related_name="partners")
    kind = models.CharField("what it is", max_length=16, choices=PartnerKind)
    name = models.CharField("name of the organization", max_length=160)
    leaid = models.CharField("NCES district id (LEAID)", max_length=7, blank=True)
    ein = models.CharField("employer identification number (EIN)", max_length=9, blank=True)
    uei = models.CharField("unique entity id (UEI)", max_length=12, blank=True)
    tax_status = models.CharField(max_length=16, choices=TaxStatus, blank=True)
    signatory_name = models.CharField("who signs for it", max_length=120, blank=True)
    signatory_title = models.CharField("their title", max_length=120, blank=True)
    signatory_email = models.EmailField("their e-mail address", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = [_AS_THEY_ARE_TOLD, "name", "pk"]
        indexes = [models.Index(fields=["leaid"], name="partner_by_leaid")]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=PartnerKind.values), name="partner_kind_is_known"),
            models.CheckConstraint(
                condition=models.Q(tax_status="") | models.Q(tax_status__in=TaxStatus.values),
                name="partner_tax_status_is_known",
            ),
            models.CheckConstraint(condition=_empty_or_long("leaid", 7), name="partner_leaid_is_complete"),
            models.CheckConstraint(condition=_empty_or_long("ein", 9), name="partner_ein_is_complete"),
            models.CheckConstraint(condition=_empty_or_long("uei", 12), name="partner_uei_is_complete"),
            models.CheckConstraint(
                condition=models.Q(leaid="") | models.Q(kind=PartnerKind.DISTRICT),
                name="only_a_district_has_a_leaid",
            ),
            models.UniqueConstraint(
                fields=["site"], condition=models.Q(kind=PartnerKind.DISTRICT), name="one_district_per_site"
            ),
            models.UniqueConstraint(
                fields=["site"], condition=models.Q(kind=PartnerKind.UNION), name="one_union_per_site"
            ),
            models.UniqueConstraint(fields=["site", "name"], name="partner_named_once_per_site"),
        ]

    def __str__(self):
        return self.name

    @property
    def is_fiscal_agent(self) -> bool:
        """Whether the coalition's money goes to this partner."""
        return self.site.fiscal_agent_id == self.pk

    @property
    def shown_ein(self) -> str:
        """`12-3456789`."""
        return show_ein(self.ein)
