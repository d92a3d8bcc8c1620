"""`manage.py demo`: load invented people, coalitions and results, up to a stage of the story."""

from django.core.management import BaseCommand
from django.utils import timezone

from portal import clock
from portal.demo import DEMO_PASSWORD
from portal.demo.cast import CAST
from portal.demo.stages import STAGES, load


class Command(BaseCommand):
    help = "Load the demo into an empty database. Its accounts exist only with DEBUG and DEMO on."

    def add_arguments(self, parser):
        parser.add_argument("--stage", choices=STAGES, default="reporting")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args, **options):
        load(options["stage"], seed=options["seed"], today=timezone.localdate(clock.now()))
        self.stdout.write(f"Demo loaded. Everybody's password is: {DEMO_PASSWORD}")
        for part in CAST:
            self.stdout.write(f"  {part.email:<20} {part.does}")
