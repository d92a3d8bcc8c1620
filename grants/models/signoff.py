"""A partner's signature under a proposal, given through an expiring link."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grants.enums import SignOffState


class RequestedSignature(models.Model):
    """Abstract: what one signatory is asked to sign through a private link, and their answer.

    Only the digest of the link's token is kept. `content_sha256` is the hash of what was signed.
    """

    state = models.CharField(max_length=16, choices=SignOffState, default=SignOffState.REQUESTED)
    # Who was asked: the partner may name somebody else later.
    asked_name = models.CharField(max_length=120, blank=True)
    email = models.EmailField()
    token_digest = models.CharField(max_length=64, unique=True)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField("last reminded", null=True)
    answered_at = models.DateTimeField(null=True)
    signed_name = models.CharField("full name", max_length=120, blank=True)
    signed_title = models.CharField("title", max_length=120, blank=True)
    decline_reason = models.TextField("reason", blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    # When and why it ended without the signatory: the text changed (void), or somebody else signs (withdrawn).
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True
        ordering = ["pk"]


class SignOff(RequestedSignature):
    """One request to one partner to sign a proposal."""

    proposal = models.ForeignKey("grants.Proposal", models.CASCADE, related_name="sign_offs")
    partner = models.ForeignKey("grant_sites.Partner", models.PROTECT, related_name="sign_offs")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(RequestedSignature.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SignOffState.values), name="sign_off_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state=SignOffState.SIGNED)
                | (Q(answered_at__isnull=False) & ~Q(signed_name="") & ~Q(content_sha256="")),
                name="sign_off_signed_says_by_whom_and_what",
            ),
            models.CheckConstraint(
                condition=~Q(state=SignOffState.DECLINED) | (Q(answered_at__isnull=False) & ~Q(decline_reason="")),
                name="sign_off_declined_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state=SignOffState.WITHDRAWN) | Q(ended_at__isnull=False),
                name="sign_off_withdrawn_says_when",
            ),
            models.UniqueConstraint(
                fields=["proposal", "partner"],
                condition=Q(state__in=[SignOffState.REQUESTED, SignOffState.SIGNED]),
                name="one_live_sign_off_per_partner",
            ),
        ]

    def __str__(self):
        return f"{self.partner} for {self.proposal}"
