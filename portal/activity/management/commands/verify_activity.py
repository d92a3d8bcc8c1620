"""`manage.py verify_activity`: is the activity log what was written? Exit status 1 when it is not."""

from django.core.management.base import BaseCommand, CommandError

from portal.activity.domain.verification import Broken, Mark, verify


class Command(BaseCommand):
    help = "Check the chain of the activity log and say the first broken entry."

    def add_arguments(self, parser):
        parser.add_argument(
            "--known",
            help="a mark that an earlier run printed and that was kept outside the database, such as 1234:ab12…",
        )

    def handle(self, *args, **options):
        try:
            last = verify(known=Mark.parse(options["known"]) if options["known"] else None)
        except (Broken, ValueError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{last.sequence} entries, nothing changed. Note this mark elsewhere: {last}")
