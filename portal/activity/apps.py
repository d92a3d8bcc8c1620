"""The activity app: an append-only, hash-chained log of every act, and the references records are known by."""

from django.apps import AppConfig

from portal.signals import step_performed


class ActivityConfig(AppConfig):
    name = "portal.activity"
    verbose_name = "Activity log"

    def ready(self):
        from portal.activity.domain.entry import record_step

        step_performed.connect(record_step, dispatch_uid="activity")
