"""Reading people with what their list and their page show, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from portal.accounts.models import RoleGrant, User

_SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True)
class SignIn:
    """How a person signs in: which factors are set up, which addresses are known, where they are signed in."""

    app: bool
    passkeys: int
    recovery_codes: bool
    addresses: list[EmailAddress]
    sessions: int


def for_list(people: QuerySet[User]) -> QuerySet[User]:
    """People with `seat_count`, `has_second_step` and their role grants."""
    steps = Authenticator.objects.filter(user=OuterRef("pk"), type__in=_SECOND_STEPS)
    return people.annotate(
        seat_count=Count("seats", filter=Q(seats__ended_at=None), distinct=True), has_second_step=Exists(steps)
    ).prefetch_related("role_grants")


def sign_in_of(person: User) -> SignIn:
    """How this person signs in."""
    kinds = list(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    return SignIn(
        app=Authenticator.Type.TOTP in kinds,
        passkeys=kinds.count(Authenticator.Type.WEBAUTHN),
        recovery_codes=Authenticator.Type.RECOVERY_CODES in kinds,
        addresses=list(EmailAddress.objects.filter(user=person).order_by("-primary", "email")),
        sessions=UserSession.objects.filter(user=person).count(),
    )


def grants_of(person: User) -> QuerySet[RoleGrant]:
    """The roles held now, with who gave each."""
    return person.role_grants.select_related("granted_by").order_by("granted_at", "pk")
