"""The accounts app: people, their staff roles, and how they sign in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    verbose_name = "Accounts"

    def ready(self):
        # The sign-in library's signals stand beside models, which nobody may import before the apps are loaded.
        from portal.accounts import receivers, session_time

        receivers.connect()
        session_time.connect()
