"""A grant agreement: its frozen text, the signatures of every partner, and the foundation's own."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from grants.enums import AgreementState, SignOffState
from grants.models.signoff import RequestedSignature
from portal.access import VisibleQuerySet
from portal.record import Record


class AgreementQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Staff see every agreement; a team those of its awards once they were sent out."""
        if user.is_foundation_staff:
            return self
        own = self.filter(award__site__in=user.seats.current().values("site"), award__offered_at__isnull=False)
        return own.filter(sent_at__isnull=False)


class Agreement(Record):
    """`content` is what is signed: parties, years, amounts, conditions. It and its hash are frozen when it is sent out.

    `sha256` is over the canonical JSON of `content`, as for a submission. `document` is the PDF sent to the partners,
    `signed_document` the one with all signatures.
    """

    award = models.ForeignKey("grants.Award", models.PROTECT, related_name="agreements")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=16, choices=AgreementState, default=AgreementState.DRAFT, editable=False)
    # Clauses and conditions of this one agreement, as staff wrote them.
    terms = models.TextField("terms of this agreement", blank=True)
    conditions = models.TextField("conditions", blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    content = models.JSONField(null=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    document = models.OneToOneField("documents.Document", models.PROTECT, null=True, related_name="+", editable=False)
    signed_document = models.OneToOneField(
        "documents.Document", models.PROTECT, null=True, related_name="+", editable=False
    )
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    countersigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    countersigned_at = models.DateTimeField(null=True)
    countersigned_title = models.CharField("title", max_length=120, blank=True)
    replaced_at = models.DateTimeField(null=True)
    replaced_because = models.TextField(blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["award", "number"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AgreementState.values), name="agreement_state_is_known"),
            models.UniqueConstraint(fields=["award", "number"], name="agreement_numbered_once"),
            models.UniqueConstraint(
                fields=["award"], condition=~Q(state=AgreementState.REPLACED), name="one_live_agreement_per_award"
            ),
            models.CheckConstraint(
                condition=Q(state=AgreementState.DRAFT, sent_at=None, sent_by=None, sha256="")
                | Q(state=AgreementState.REPLACED)
                | (
                    ~Q(state__in=[AgreementState.DRAFT, AgreementState.REPLACED])
                    & Q(sent_at__isnull=False, sent_by__isnull=False, content__isnull=False)
                    & ~Q(sha256="")
                ),
                name="agreement_sent_is_frozen",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=AgreementState.IN_FORCE, countersigned_at__isnull=False, countersigned_by__isnull=False
                )
                | Q(state=AgreementState.REPLACED)
                | (
                    ~Q(state__in=[AgreementState.IN_FORCE, AgreementState.REPLACED])
                    & Q(countersigned_at=None, countersigned_by=None)
                ),
                name="agreement_countersigned_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(state=AgreementState.REPLACED, replaced_at__isnull=False)
                | (~Q(state=AgreementState.REPLACED) & Q(replaced_at=None)),
                name="agreement_replaced_at_follows_state",
            ),
        ]

    def __str__(self):
        return self.reference


class AgreementSignature(RequestedSignature):
    """One partner's signature under an agreement, given through an expiring link, as a sign-off is."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="signatures")
    partner = models.ForeignKey("grant_sites.Partner", models.PROTECT, related_name="agreement_signatures")

    class Meta(RequestedSignature.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=SignOffState.values), name="agreement_signature_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("requested_at")), name="agreement_signature_expires_after_it_is_asked"
            ),
            models.CheckConstraint(
                condition=~Q(state=SignOffState.SIGNED)
                | (Q(answered_at__isnull=False) & ~Q(signed_name="") & ~Q(content_sha256="")),
                name="agreement_signature_says_by_whom_and_what",
            ),
            models.CheckConstraint(
                condition=~Q(state=SignOffState.DECLINED) | (Q(answered_at__isnull=False) & ~Q(decline_reason="")),
                name="agreement_signature_declined_says_why",
            ),
            models.UniqueConstraint(
                fields=["agreement", "partner"],
                condition=Q(state__in=[SignOffState.REQUESTED, SignOffState.SIGNED]),
                name="one_live_signature_per_partner",
            ),
        ]

    def __str__(self):
        return f"{self.partner} for {self.agreement}"
