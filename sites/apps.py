"""The sites app: coalitions, their partners, schools and seats, and the three core components."""

from importlib import import_module

from django.apps import AppConfig


class SitesConfig(AppConfig):
    name = "sites"
    label = "grant_sites"
    verbose_name = "Sites"

    def ready(self):
        # It registers what waits for people, and stands on models, which nobody may import before the apps are loaded.
        import_module("sites.domain.queries.todo")
        import_module("sites.domain.queries.hand_over")
