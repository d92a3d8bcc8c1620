"""How the sign-in library speaks, mails and keeps secrets here."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.hashers import make_password

from portal.accounts import secrets
from portal.accounts.notices import NOTICES
from portal.mail.domain import send

# The library's mails that carry a private link, and the portal's templates for them.
LINKS = {
    "account/email/email_confirmation_signup": "account_confirm",
    "account/email/email_confirmation": "account_confirm",
    "account/email/account_already_exists": "account_exists",
    "account/email/unknown_account": "account_unknown",
    "account/email/password_reset_key": "account_password",
}


class AccountAdapter(DefaultAccountAdapter):
    """Addresses in lower case, mail through the portal's outbox, and the same time for known and unknown addresses."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "duplicate_email": "You have this address already.",
        "email_password_mismatch": "The e-mail address or the password is not right.",
        "enter_current_password": "Type the password you have now.",
        "incorrect_password": "This password is not right.",
        "max_email_addresses": "You cannot have more than %d addresses. Remove one first.",
        "rate_limited": "That was too fast. Wait a minute and try again.",
        "too_many_login_attempts": "Too many failed attempts to sign in. Wait five minutes and try again.",
    }

    def clean_email(self, email: str) -> str:
        return super().clean_email(email).lower()

    def save_user(self, request, user, form, commit=True):
        user.name = form.cleaned_data["name"]
        return super().save_user(request, user, form, commit)

    def send_mail(self, template_prefix, email, context):
        """Every mail of the library goes to the outbox: private links, whose text is not kept, and notices."""
        facts = {name: value for name, value in context.items() if name != "request"} | {"email": email}
        if template_prefix in LINKS:
            send(LINKS[template_prefix], email, context=facts, secret=True)
        else:
            send("account_notice", email, context=facts | NOTICES[template_prefix].facts)

    def get_email_confirmation_url(self, request, emailconfirmation):
        """The link keeps where the person was going (an invitation, mostly), for it may be opened in another browser."""
        url = super().get_email_confirmation_url(request, emailconfirmation)
        wanted = get_next_redirect_url(request)
        return f"{url}?{urlencode({'next': wanted})}" if wanted else url

    def respond_email_verification_sent(self, request, user):
        """The page after sign-up, the same for everybody.

        Without a user the address was taken and no password has been hashed: hash one, or the time would tell.
        """
        if user is None:
            make_password(request.POST["password1"])
        return super().respond_email_verification_sent(request, user)

    def pre_login(self, request, user, **rest):
        """The demo's people have a printed password: outside the demo they are as good as closed."""
        if user.is_demo and not settings.DEMO:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **rest)

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Failed sign-ins count for the address alone, whatever host name the guesser asked under."""
        return credentials["email"].strip().lower()


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps and the seed of recovery codes are sealed before they are stored."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": (
            "Turn two-step sign-in off first, then add the address and confirm it, then set the second step up again. "
            "So nobody can tie an address that is not theirs to a locked account."
        ),
        "incorrect_code": "This code is not right. Wait for the next one and try again.",
        "unverified_email": "Confirm your e-mail address first, then set up the second step.",
    }

    def encrypt(self, text: str) -> str:
        return secrets.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.decrypt(encrypted_text)
