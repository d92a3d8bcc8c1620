"""Gives a person a role from the command line: how a new portal gets its first administrator."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from portal import clock
from portal.accounts.domain.role import appoint
from portal.accounts.enums import Role
from portal.accounts.models import User


class Command(BaseCommand):
    help = "Give a person who has an account a role: appoint ada@example.org administrator"

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("role", choices=Role.values)

    def handle(self, *, email, role, **options):
        person = User.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody has an account with the address {email}. Let them sign up first.")
        try:
            grant = appoint(person, role, at=clock.now())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{person} is {grant.get_role_display().lower()} now.")
