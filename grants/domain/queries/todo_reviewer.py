"""What reviewers, and those who are to become reviewers, find on their home page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from grants.domain.queries.reviewer import invitations_to
from grants.models import ReviewerProfile
from portal.accounts.enums import Role
from portal.todo import Todo, provides_todos


@provides_todos
def invitation_todos(user, at: datetime) -> Iterator[Todo]:
    """Open invitations to the pool, to an address of this person."""
    for each in invitations_to(user, at):
        url = reverse("grants:reviewer-invitation-answer", args=[each.public_id])
        yield Todo(f"Answer the invitation of {each.invited_by} to review", url, due=each.expires_at)


@provides_todos
def profile_todos(user, at: datetime) -> Iterator[Todo]:
    """For reviewers who have not said yet what they know."""
    if Role.REVIEWER in user.roles and not ReviewerProfile.objects.filter(user=user, version__gte=1).exists():
        url = reverse("grants:reviewer-edit", args=[user.public_id])
        yield Todo("Say what you know and how much you can review", url)
