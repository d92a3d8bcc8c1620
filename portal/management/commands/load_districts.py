"""`manage.py load_districts <file>`: load the list of school districts that NCES publishes."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError

from sites.domain.district import load_districts


class Command(BaseCommand):
    help = "Load the Common Core of Data's list of school districts (CSV, or a ZIP archive with one)."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, **options):
        try:
            with options["file"].open("rb") as file:
                loaded = load_districts(file)
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error}") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        for sentence in loaded.sentences():
            self.stdout.write(sentence)
