"""`manage.py build_fonts`: write the fonts of printed documents into `var/fonts`, once."""

from django.core.management.base import BaseCommand

from portal.pdf import fonts


class Command(BaseCommand):
    help = "Write the fonts that PDFs need into var/fonts. Files that are there already are kept."
    # It runs while an image is built, before the system has everything else.
    requires_system_checks = []

    def handle(self, *args, **options):
        written = fonts.build()
        self.stdout.write(f"{len(written)} files written to {fonts.folder()}.")
