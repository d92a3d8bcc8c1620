"""Writes into the activity log what the sign-in library did to an account, and sign-ins into the program's log."""

import logging

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_login_failed

from portal.activity.domain import record

logger = logging.getLogger("portal.accounts")

# Signal, verb, sentence.
_LOGGED = (
    (account.user_signed_up, "sign-up", "Made an account."),
    (account.email_confirmed, "confirm-address", "Confirmed an e-mail address."),
    (account.email_changed, "change-address", "Changed the main e-mail address."),
    (account.email_removed, "remove-address", "Removed an e-mail address."),
    (account.password_changed, "change-password", "Changed the password."),
    (account.password_reset, "reset-password", "Set a new password through a link."),
    (account.password_set, "set-password", "Set a password."),
    (mfa.authenticator_added, "add-factor", "Added a second step to signing in."),
    (mfa.authenticator_removed, "remove-factor", "Removed a second step from signing in."),
    (mfa.authenticator_reset, "new-recovery-codes", "Made new recovery codes."),
)


def _logs(verb: str, sentence: str):
    def receiver(sender, request, **facts):
        person = facts["user"] if "user" in facts else facts["email_address"].user
        record(person, verb, actor=person, at=request.arrived_at, summary=sentence, facts=_details(facts))

    return receiver


def _details(facts: dict) -> dict[str, str]:
    """What the entry keeps beside the sentence: which address, which kind of factor; never a secret."""
    found = {}
    if "email_address" in facts:
        found["address"] = facts["email_address"].email
    if "to_email_address" in facts:
        found["address"] = facts["to_email_address"].email
    if "authenticator" in facts:
        found["kind"] = facts["authenticator"].type
    return found


def _note_sign_in(sender, request, user, **facts):
    logger.info("Sign-in of person %s from %s.", user.pk, request.META.get("REMOTE_ADDR", ""))


def _note_failed_sign_in(sender, request, **facts):
    origin = request.META.get("REMOTE_ADDR", "") if request else ""
    logger.warning("A sign-in failed, from %s.", origin)


def connect() -> None:
    """Called once, when the app is ready."""
    for signal, verb, sentence in _LOGGED:
        signal.connect(_logs(verb, sentence), weak=False, dispatch_uid=f"accounts-{verb}")
    account.user_logged_in.connect(_note_sign_in, dispatch_uid="accounts-sign-in")
    user_login_failed.connect(_note_failed_sign_in, dispatch_uid="accounts-failed-sign-in")
