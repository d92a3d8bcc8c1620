"""`manage.py ready`: bring the database up to date, build the fonts, load the demo once, and say where to go."""

import io

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.urls import reverse

from portal.accounts.models import User
from portal.demo import DEMO_PASSWORD
from portal.demo.cast import CAST


class Command(BaseCommand):
    help = "Migrate, build the fonts of PDFs, load the demo when the settings ask for it, and print the address."
    requires_system_checks = []

    def handle(self, *args, **options):
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        call_command("build_fonts", stdout=io.StringIO())
        if settings.DEMO and not User.objects.exists():
            self.stdout.write("Loading the demo: a few seconds …")
            call_command("demo", stdout=io.StringIO())
        self.stdout.write(self.style.SUCCESS(f"\n{settings.PORTAL_NAME} is at {settings.BASE_URL}"))
        if User.objects.filter(is_demo=True).exists():
            self.stdout.write(f"Demo accounts, all with the password {DEMO_PASSWORD}")
            for part in CAST:
                self.stdout.write(f"  {part.email:<20} {part.does}")
            self.stdout.write(f"Mail goes nowhere; it is kept at {settings.BASE_URL}{reverse('mail:mailbox')}")
        self.stdout.write("Ctrl-C stops everything.\n")
