"""The mail app: every message is a row first, sent by a worker afterwards, and kept in the portal's mail log."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "portal.mail"
    verbose_name = "Mail"
