"""The grants app: from call to close-out."""

from django.apps import AppConfig


class GrantsConfig(AppConfig):
    name = "grants"
    verbose_name = "Grants"

    def ready(self):
        # What registers itself: with the home page's to-do list, with pages of coalitions, and with what coalitions tell.
        from grants.domain import voiding  # noqa: F401
        from grants.domain.queries import (  # noqa: F401
            hand_over,
            signature,
            todo_agreement,
            todo_amendment,
            todo_applicant,
            todo_discussion,
            todo_message,
            todo_money,
            todo_reviewer,
            todo_staff,
        )
