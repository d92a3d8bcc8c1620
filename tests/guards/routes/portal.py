"""The routes of the portal itself: pages for everybody, records, people, signing in."""

from tests.guards.routes.route import (
    ADMINISTRATOR,
    AUDITOR,
    DIRECTOR,
    EVERYBODY,
    LEAD,
    NOBODY,
    OFFICER,
    PEOPLE,
    STAFF,
    Route,
)

PORTAL = (
    Route("portal:home", get=EVERYBODY),
    Route("portal:help", get=EVERYBODY),
    Route("portal:accessibility", get=EVERYBODY),
    Route("portal:privacy", get=EVERYBODY),
    Route("portal:brand-stylesheet", get=EVERYBODY),
    Route("portal:brand-logo", get=NOBODY, sees=NOBODY, note="no-logo-is-set"),
    Route("portal:livez", get=EVERYBODY),
    Route("portal:readyz", get=EVERYBODY),
)

_RECORDS = OFFICER | DIRECTOR | AUDITOR | ADMINISTRATOR
_JOB_SEERS = LEAD | STAFF | ADMINISTRATOR
RECORDS = (
    Route("activity:entry-list", get=_RECORDS),
    Route("mail:message-list", get=_RECORDS),
    Route("mail:message-detail", ("=message.pk",), get=_RECORDS),
    Route("mail:message-send-again", ("=message.pk",), None, OFFICER | ADMINISTRATOR, {}, sees=_RECORDS, told=_RECORDS),
    Route("mail:mailbox", get=NOBODY, sees=NOBODY, note="outside-the-demo"),
    Route("mail:mailbox-message", ("=message.pk",), get=NOBODY, sees=NOBODY, note="outside-the-demo"),
    Route("jobs:job-detail", ("=ours.job.pk",), get=_JOB_SEERS, sees=_JOB_SEERS),
    Route(
        "jobs:job-cancel", ("=ours.job.pk",), None, LEAD | OFFICER | DIRECTOR | ADMINISTRATOR, {}, sees=_JOB_SEERS,
        told=_JOB_SEERS,
    ),
)  # fmt: skip

_PERSON = ("=outsider.public_id",)
_SEES_PEOPLE = ADMINISTRATOR | AUDITOR
ACCOUNTS = (
    Route("accounts:person-list", get=_SEES_PEOPLE),
    Route("accounts:profile", post=PEOPLE, data={"name": "Another Name", "time_zone": "America/Chicago"}),
    Route("accounts:person-detail", _PERSON, _SEES_PEOPLE),
    Route("accounts:person-role-grant", _PERSON, None, ADMINISTRATOR, {"role": "reviewer"}, step_up=True),
    Route("accounts:person-role-revoke", ("=staff.officer.public_id", "officer"), ADMINISTRATOR, ADMINISTRATOR, {}, step_up=True),
    Route("accounts:person-deactivate", _PERSON, ADMINISTRATOR, ADMINISTRATOR, {"reason": "Left."}, step_up=True),
    Route("accounts:person-reactivate", ("=closed.public_id",), ADMINISTRATOR, ADMINISTRATOR, {}, step_up=True),
    Route("accounts:person-end-sessions", _PERSON, ADMINISTRATOR, ADMINISTRATOR, {}, step_up=True),
)  # fmt: skip

# Second factors: in this world only the auditor has some, and each belongs to its person alone.
_PASSKEY = ("=passkey.pk",)
SIGNING_IN = (
    Route("account_login", get=EVERYBODY, post=EVERYBODY),
    Route("account_logout", get=EVERYBODY, post=EVERYBODY),
    Route("account_inactive", get=EVERYBODY),
    Route("account_signup", get=EVERYBODY, post=EVERYBODY),
    Route("account_reauthenticate", post=PEOPLE),
    Route("account_email", post=PEOPLE),
    Route("account_email_verification_sent", get=EVERYBODY),
    Route("account_change_password", post=PEOPLE),
    Route("account_set_password", post=PEOPLE),
    Route("account_reset_password", get=EVERYBODY, post=EVERYBODY),
    Route("account_confirm_login_code", get=EVERYBODY, post=EVERYBODY),
    Route("account_confirm_email", ("no-such-key",), EVERYBODY, NOBODY, sees=NOBODY),
    Route("account_reset_password_from_key_done", get=EVERYBODY),
    Route("account_reset_password_from_key", ("a", "b-c"), EVERYBODY, EVERYBODY),
    Route("account_reset_password_done", get=EVERYBODY),
    Route("mfa_index"),
    Route("mfa_authenticate", get=EVERYBODY, post=EVERYBODY),
    Route("mfa_reauthenticate", (), AUDITOR, AUDITOR, refusal="prove"),
    Route("mfa_activate_totp", post=PEOPLE),
    Route("mfa_deactivate_totp", (), AUDITOR, AUDITOR, {}, sees=AUDITOR),
    Route("mfa_view_recovery_codes", (), AUDITOR, sees=AUDITOR),
    Route("mfa_generate_recovery_codes", (), PEOPLE, AUDITOR, {}, told=PEOPLE),
    Route("mfa_download_recovery_codes", (), AUDITOR, refusal="404"),
    Route("mfa_list_webauthn"),
    Route("mfa_add_webauthn", post=PEOPLE),
    Route("mfa_reauthenticate_webauthn", (), AUDITOR, AUDITOR, refusal="prove"),
    Route("mfa_remove_webauthn", _PASSKEY, AUDITOR, AUDITOR, {}, sees=AUDITOR),
    Route("mfa_edit_webauthn", _PASSKEY, AUDITOR, AUDITOR, sees=AUDITOR),
    Route("mfa_login_webauthn", get=EVERYBODY, post=EVERYBODY),
    Route("usersessions_list", post=PEOPLE),
)
