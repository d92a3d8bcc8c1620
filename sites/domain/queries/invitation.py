"""Finding the invitations that are meant for a person."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from portal.accounts.models import User
from sites.models import Invitation, Site


def addressed_to(user: User, at: datetime) -> QuerySet[Invitation]:
    """Open invitations to an address that this person has shown to be theirs."""
    addresses = EmailAddress.objects.filter(user=user, verified=True).values("email")
    return Invitation.objects.pending(at).filter(email__in=addresses).select_related("site", "invited_by")


def unanswered(site: Site) -> QuerySet[Invitation]:
    """Invitations nobody accepted or withdrew, also those that expired; the newest first."""
    rows = site.invitations.filter(accepted_at=None, withdrawn_at=None)
    return rows.select_related("hand_over_of__holder", "invited_by").order_by("-created_at", "pk")
