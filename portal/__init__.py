"""The portal's kernel: what every app stands on. No models live here, and no app is imported from here."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
