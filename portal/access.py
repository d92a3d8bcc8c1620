"""Who may see and do what: verdicts with reasons, and the query set that shows a person their rows only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import models

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Verdict:
    """An answer to "may this person do this?": truthy when allowed, else with a reason a person can read."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Verdict(True)


def refused(reason: str) -> Verdict:
    """A verdict that says no, and why."""
    return Verdict(False, reason)


class Refused(PermissionDenied):
    """An act that was not permitted, or not now; its text is shown to the person who tried."""

    def __init__(self, *reasons: str) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


def demand(verdict: Verdict) -> None:
    """Raise `Refused` with the verdict's reason unless it allows."""
    if not verdict:
        raise Refused(verdict.reason)


def any_role(*roles: str, otherwise: str) -> Callable[[Any, Any], Verdict]:
    """A rule `(subject, user) -> Verdict` that asks for one of these staff roles."""
    wanted = frozenset(roles)

    def rule(subject: Any, user: Any) -> Verdict:
        return ALLOWED if wanted & user.roles else refused(otherwise)

    return rule


class VisibleQuerySet(models.QuerySet):
    """Rows are fetched through `visible_to(user)`; a model that forgets to say who sees it shows nothing."""

    def visible_to(self, user):
        """The rows this person may know of. Subclasses widen it; the default is nobody."""
        return self.none()
