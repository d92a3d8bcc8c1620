"""The roles a person may hold at the foundation."""

from django.db.models import TextChoices


class Role(TextChoices):
    """Foundation roles. What people do on a site comes from seats instead, never from here."""

    OFFICER = "officer", "Program officer"
    DIRECTOR = "director", "Director"
    FINANCE = "finance", "Finance officer"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"
    REVIEWER = "reviewer", "Reviewer"


# Who may read everything in the initiative. Reviewers are not among them: they see what is assigned to them.
STAFF = frozenset({Role.OFFICER, Role.DIRECTOR, Role.FINANCE, Role.AUDITOR})
