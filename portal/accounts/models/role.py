"""A foundation role, granted to a person by an administrator."""

from django.conf import settings
from django.db import models

from portal import clock
from portal.accounts.enums import Role


class RoleGrant(models.Model):
    """One role of one person; taking it away deletes the row, and the activity log keeps both acts."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=16, choices=Role)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="role_granted_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self):
        return f"{self.user}: {self.get_role_display()}"
