"""The people of the demo. They may exist only where debugging is on, because their password is printed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError

from portal.accounts.enums import Role
from portal.accounts.models import RoleGrant, User
from portal.demo import DEMO_PASSWORD


@dataclass(frozen=True)
class Part:
    """One demo account: who they are, what `make run` says about them, and their foundation roles."""

    handle: str
    name: str
    does: str
    roles: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.handle}@demo.example"


CAST = (
    Part("ana", "Ana Beltrán (demo)", "applicant: leads the Juniper Flats coalition, writes its proposal"),
    Part("ben", "Ben Castellano (demo)", "contributor on the same team"),
    Part("lea", "Lea Okonkwo (demo)", "site lead of Three Rivers: award, payments, reports"),
    Part("omar", "Omar Haddad (demo)", "program officer", (Role.OFFICER,)),
    Part("dina", "Dina Whitfield (demo)", "director", (Role.DIRECTOR,)),
    Part("fay", "Fay Lindqvist (demo)", "finance officer", (Role.FINANCE,)),
    Part("finn", "Finn Moreau (demo)", "second finance officer, releases what Fay prepared", (Role.FINANCE,)),
    Part("rita", "Rita Nakamura (demo)", "reviewer", (Role.REVIEWER,)),
    Part("rolf", "Rolf Jensen (demo)", "reviewer", (Role.REVIEWER,)),
    Part("ruth", "Ruth Abara (demo)", "reviewer", (Role.REVIEWER,)),
    Part("otto", "Otto Brandt (demo)", "auditor: reads everything", (Role.AUDITOR,)),
    Part("ada", "Ada Ferreira (demo)", "administrator: people and roles", (Role.ADMINISTRATOR,)),
)


def people() -> dict[str, User]:
    """Make every demo account, by handle. Raises CommandError outside the demo."""
    if not settings.DEMO:
        raise CommandError("Demo accounts exist only with DEBUG and DEMO on: their password is printed.")
    made = {}
    for part in CAST:
        made[part.handle] = _account(part.email, part.name)
        RoleGrant.objects.bulk_create(RoleGrant(user=made[part.handle], role=role) for role in part.roles)
    return made


def team_lead(handle: str, name: str) -> User:
    """Make the lead of another invented coalition."""
    return _account(f"{handle}@demo.example", f"{name} (demo)")


@cache
def _hashed() -> str:
    return make_password(DEMO_PASSWORD)


def _account(email: str, name: str) -> User:
    # Hashing is slow on purpose, and everybody's password is the same.
    person = User.objects.create(email=email, name=name, is_demo=True, password=_hashed())
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    return person
