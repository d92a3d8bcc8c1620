"""The pool of reviewers: what each knows, how much they take on, what they must not see, and who was asked to join."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from grants.enums import DisclosureKind


class ReviewerProfile(models.Model):
    """What a reviewer told about themselves. `capacity` is reviews a round; away days include both ends."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reviewer_profile")
    organization = models.CharField("where you work", max_length=160, blank=True)
    capacity = models.PositiveSmallIntegerField("most reviews in a round", default=8)
    components = models.ManyToManyField("grant_sites.Component", blank=True, related_name="+")
    key_issues = models.ManyToManyField("grant_sites.KeyIssue", blank=True, related_name="+")
    away_from = models.DateField("away from", null=True, blank=True)
    away_until = models.DateField("away until", null=True, blank=True)
    # For staff only: the reviewer never sees it.
    staff_note = models.TextField("note for staff", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["user__name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(capacity__lte=100), name="reviewer_capacity_up_to_100"),
            models.CheckConstraint(
                condition=Q(away_from=None, away_until=None)
                | Q(away_from__isnull=False, away_until__isnull=False, away_until__gte=F("away_from")),
                name="reviewer_away_until_after_from",
            ),
        ]

    def __str__(self):
        return str(self.user)


class Disclosure(models.Model):
    """A standing conflict of interest with an organization or a person, from `declared_at` until `ended_at`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="disclosures")
    kind = models.CharField("with", max_length=16, choices=DisclosureKind)
    name = models.CharField("its or their name", max_length=160)
    # `organization.example` or `person@organization.example`; empty when not known.
    address = models.CharField("e-mail address or domain", max_length=254, blank=True)
    relationship = models.TextField("what connects you")
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DisclosureKind.values), name="disclosure_kind_is_known"),
            models.CheckConstraint(condition=~Q(name=""), name="disclosure_names_somebody"),
            models.CheckConstraint(condition=Q(address=Lower("address")), name="disclosure_address_is_lower_case"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("declared_at")), name="disclosure_ends_after_it_began"
            ),
        ]

    def __str__(self):
        return f"{self.reviewer}: {self.name}"


class ReviewerInvitationQuerySet(models.QuerySet):
    def pending(self, at):
        """Invitations that can still be accepted at that moment."""
        return self.filter(accepted_at=None, declined_at=None, withdrawn_at=None, expires_at__gt=at)


class ReviewerInvitation(models.Model):
    """Somebody was asked to join the pool. Only the digest of the link's token is kept."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail address")
    name = models.CharField("full name", max_length=120)
    note = models.TextField("a few words from you", blank=True)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    declined_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ReviewerInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("invited_at")), name="reviewer_invitation_expires_after_it_is_made"
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="reviewer_invitation_email_is_lower_case"),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, declined_at=None, withdrawn_at=None),
                name="reviewer_invitation_accepted_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(accepted_at=None, declined_at=None, withdrawn_at=None),
                name="one_open_reviewer_invitation_per_address",
            ),
        ]

    def __str__(self):
        return self.email
