"""The reporting app: yearly progress reports, results by student group, and the PDFs made of them."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = "Reporting"

    def ready(self):
        # Importing connects them: reports open when an award is made, and stand in to-do lists and timelines.
        from reporting.domain import amendment, report  # noqa: F401
        from reporting.domain.queries import hand_over, timeline, todo  # noqa: F401
