"""What a person is told by mail when something about how they sign in has changed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """The subject of a notice and the sentence that says what happened."""

    title: str
    sentence: str

    @property
    def facts(self) -> dict[str, str]:
        return {"title": self.title, "sentence": self.sentence}


# By the name under which the sign-in library would send each.
NOTICES = {
    "account/email/email_changed": Notice(
        "Your e-mail address was changed", "The main e-mail address of your account is another one now."
    ),
    "account/email/email_deleted": Notice(
        "An e-mail address was removed", "An e-mail address was removed from your account."
    ),
    "account/email/password_changed": Notice("Your password was changed", "The password of your account was changed."),
    "account/email/password_reset": Notice(
        "Your password was changed", "A new password was set for your account through a link we had sent you."
    ),
    "account/email/password_set": Notice("A password was set", "A password was set for your account."),
    "mfa/email/recovery_codes_generated": Notice(
        "New recovery codes were made", "New recovery codes were made for your account. The old ones no longer work."
    ),
    "mfa/email/totp_activated": Notice(
        "An authenticator app was added", "An authenticator app is now part of signing in to your account."
    ),
    "mfa/email/totp_deactivated": Notice(
        "The authenticator app was removed", "Signing in to your account no longer asks for an authenticator app."
    ),
    "mfa/email/webauthn_added": Notice("A passkey was added", "A passkey or security key was added to your account."),
    "mfa/email/webauthn_removed": Notice(
        "A passkey was removed", "A passkey or security key was removed from your account."
    ),
}
