"""More time: what staff gave a round or one proposal, and what a team asks for."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from grants.enums import ExtensionKind, RequestState


class Extension(models.Model):
    """A closing instant that was moved, of a round or (with `proposal`) of one proposal; never changed afterwards."""

    round = models.ForeignKey("grants.FundingRound", models.CASCADE, related_name="extensions")
    proposal = models.ForeignKey("grants.Proposal", models.CASCADE, null=True, related_name="extensions")
    kind = models.CharField(max_length=8, choices=ExtensionKind)
    was = models.DateTimeField("closed before")
    until = models.DateTimeField("closes now")
    reason = models.TextField()
    # When the portal could not be reached, for an outage.
    down_from = models.DateTimeField(null=True)
    down_until = models.DateTimeField(null=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ExtensionKind.values), name="extension_kind_is_known"),
            models.CheckConstraint(condition=Q(until__gt=F("was")), name="extension_gives_time"),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_says_why"),
            models.CheckConstraint(
                condition=Q(kind=ExtensionKind.OUTAGE, proposal=None, down_until__gt=F("down_from"))
                | (~Q(kind=ExtensionKind.OUTAGE) & Q(down_from=None, down_until=None)),
                name="extension_of_an_outage_says_when",
            ),
        ]

    def __str__(self):
        return f"{self.proposal or self.round} until {self.until.isoformat()}"


class ExtensionRequest(models.Model):
    """A team asks for more time; staff grant it (which makes an `Extension`) or decline with a reason."""

    proposal = models.ForeignKey("grants.Proposal", models.CASCADE, related_name="extension_requests")
    state = models.CharField(max_length=8, choices=RequestState, default=RequestState.OPEN)
    reason = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="extension_request_state_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_request_says_why"),
            models.CheckConstraint(
                condition=Q(state=RequestState.OPEN, answered_at=None, answered_by=None)
                | (~Q(state=RequestState.OPEN) & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="extension_request_answered_by_somebody_or_open",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.DECLINED) | ~Q(answer=""), name="extension_request_declined_says_why"
            ),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(state=RequestState.OPEN), name="one_open_extension_request"
            ),
        ]

    def __str__(self):
        return f"{self.proposal}: more time"
