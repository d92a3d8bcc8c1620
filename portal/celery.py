"""The Celery application: workers ring-driven by job rows, beat for the sweeps."""

import os

from celery import Celery
from celery.signals import worker_init

from portal.pdf.render import preload

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def share_the_print_kit(**kwargs):
    """Load fonts and style sheets before the worker forks, so that all its children share them."""
    preload()
