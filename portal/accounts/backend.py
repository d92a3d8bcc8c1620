"""Who may be signed in at all."""

from allauth.account.auth_backends import AuthenticationBackend as LibraryBackend
from django.conf import settings


class AuthenticationBackend(LibraryBackend):
    """E-mail address and password. Asked again at every request, so a closed account is out with the next one."""

    def user_can_authenticate(self, user):
        """Open accounts only; the demo's people, whose password is printed, only where the demo runs."""
        return super().user_can_authenticate(user) and (settings.DEMO or not user.is_demo)
