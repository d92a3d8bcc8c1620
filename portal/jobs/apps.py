"""The jobs app: work longer than a second, as a row with progress that survives a lost broker or worker."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "portal.jobs"
    verbose_name = "Jobs"
