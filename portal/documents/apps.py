"""The documents app: files people upload, screened before they are kept, and documents the portal issues."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "portal.documents"
    verbose_name = "Documents"
