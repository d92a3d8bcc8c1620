"""The second step: asked of staff where the settings say so, offered to all, its secrets sealed."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.fernet import InvalidToken
from django.db import connection
from django.urls import reverse

from portal.accounts import secrets
from portal.activity.models import Entry
from portal.mail.models import Message
from tests.portal.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_now():
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(SECRET, counters[len(counters) // 2]))


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.mark.parametrize(
    "who", ["omar_officer", "dina_director", "fay_finance", "otto_auditor", "ada_admin", "rita_reviewer"]
)
def test_people_with_a_role_are_sent_to_set_one_up(client, required, request, who):
    client.force_login(request.getfixturevalue(who))

    for path in ("/", "/coalitions/", "/sites/", reverse("accounts:profile")):
        assert client.get(path).url == reverse("mfa_index")
    assert "Your role needs a second step" in client.get(reverse("mfa_index")).content.decode()


def test_people_without_a_role_are_not(client, required, lea_site_lead):
    client.force_login(lea_site_lead)

    assert client.get(reverse("accounts:profile")).status_code == 200


def test_visitors_are_not(client, required):
    assert client.get(reverse("portal:help")).status_code == 200


def test_nobody_is_where_it_is_not_required(client, omar_officer):
    client.force_login(omar_officer)

    assert client.get(reverse("accounts:profile")).status_code == 200


def test_staff_with_a_second_factor_go_on(client, required, omar_officer):
    TOTP.activate(omar_officer, SECRET)
    client.force_login(omar_officer)

    assert client.get(reverse("accounts:profile")).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn", "account_email", "usersessions_list",
     "portal:help", "account_logout"],
)  # fmt: skip
def test_staff_without_one_can_reach_what_they_need_to_set_it_up(client, required, omar_officer, proven, name):
    proven(client, omar_officer)

    assert client.get(reverse(name)).status_code == 200


def test_post_without_the_second_factor_does_nothing(client, required, ada_admin, ana_applicant, proven):
    proven(client, ada_admin)

    answer = client.post(reverse("accounts:person-role-grant", args=[ana_applicant.public_id]), {"role": "officer"})

    assert answer.url == reverse("mfa_index")
    assert ana_applicant.role_grants.count() == 0


def test_setting_up_an_app_by_its_page_then_signing_in_asks_for_a_code(
    client, omar_officer, set_password, proven, django_capture_on_commit_callbacks
):
    set_password(omar_officer)
    proven(client, omar_officer)
    client.get(reverse("mfa_activate_totp"))
    session = client.session
    session["mfa.totp.secret"] = SECRET
    session.save()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("mfa_activate_totp"), {"code": code_now()})
    assert answer.url == reverse("mfa_view_recovery_codes")
    assert Message.objects.filter(subject="An authenticator app was added").exists()
    assert "add-factor" in Entry.objects.values_list("verb", flat=True)
    client.logout()

    answer = client.post("/accounts/login/", {"login": omar_officer.email, "password": PASSWORD})

    assert answer.url == reverse("mfa_authenticate")
    assert client.get(reverse("accounts:profile")).status_code == 302
    assert client.post(answer.url, {"code": "000000"}).status_code == 200
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_code_of_the_app_signs_in_once(client, omar_officer, set_password):
    set_password(omar_officer)
    TOTP.activate(omar_officer, SECRET)
    code = code_now()
    other = client.__class__()
    for browser in (client, other):
        browser.post("/accounts/login/", {"login": omar_officer.email, "password": PASSWORD})

    first = client.post(reverse("mfa_authenticate"), {"code": code})
    second = other.post(reverse("mfa_authenticate"), {"code": code})

    assert first.url == reverse("portal:home")
    assert second.status_code == 200
    assert other.get(reverse("accounts:profile")).status_code == 302


def test_address_can_be_added_only_without_a_second_factor(client, ana_applicant, proven):
    TOTP.activate(ana_applicant, SECRET)
    proven(client, ana_applicant)

    page = client.post("/accounts/email/", {"action_add": "", "email": "ana@new.example"}).content.decode()

    assert "Turn two-step sign-in off first" in page


def test_secrets_are_not_stored_in_the_clear(ana_applicant):
    TOTP.activate(ana_applicant, SECRET)
    codes = RecoveryCodes.activate(ana_applicant)

    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        stored = json.dumps([str(data) for (data,) in cursor.fetchall()])
    assert SECRET not in stored
    assert not any(code in stored for code in codes.generate_codes())
    assert secrets.decrypt(Authenticator.objects.get(type="totp").data["secret"]) == SECRET
    assert TOTP(Authenticator.objects.get(type="totp")).validate_code(code_now())


def test_recovery_code_works_once(ana_applicant):
    codes = RecoveryCodes.activate(ana_applicant)
    code = codes.get_unused_codes()[0]

    assert codes.validate_code(code)
    assert not codes.validate_code(code)


def test_recovery_codes_are_shown_once(client, ana_applicant, proven):
    codes = RecoveryCodes.activate(ana_applicant).get_unused_codes()
    proven(client, ana_applicant)

    first = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    second = client.get(reverse("mfa_view_recovery_codes")).content.decode()

    assert all(code in first for code in codes)
    assert not any(code in second for code in codes)
    assert client.get(reverse("mfa_download_recovery_codes")).status_code == 403


def test_secrets_sealed_twice_look_different():
    assert secrets.encrypt(SECRET) != secrets.encrypt(SECRET)


def test_secrets_under_another_key_stay_closed_until_the_old_key_is_named(settings):
    sealed = secrets.encrypt(SECRET)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "a-new-key"

    with pytest.raises(InvalidToken):
        secrets.decrypt(sealed)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert secrets.decrypt(sealed) == SECRET


def test_passkeys_are_switched_on(client):
    page = client.get(reverse("account_login")).content.decode()

    assert "Sign in with a passkey" in page
