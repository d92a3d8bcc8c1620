"""Registers the kernel with Django: template tags, checks and management commands."""

from django.apps import AppConfig
from django.core import checks

from portal.brand import check_brand
from portal.pdf.native import check_native_libraries


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Portal"

    def ready(self):
        # The engine stands on an abstract model, which Django lets nobody import before the apps are loaded.
        from portal.workflow import check_workflows

        checks.register(check_workflows, "workflows")
        checks.register(check_native_libraries, "pdf")
        checks.register(check_brand, "brand")
