"""Guessing is limited per account, across processes, and a made-up sender address does not help."""

import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from tests.portal.accounts.conftest import PASSWORD

SIGN_IN = "/accounts/login/"
TOO_MANY = "Too many failed attempts to sign in"

# What another worker process does: three wrong guesses, counted in the same Redis.
OTHER_WORKER = """
import django
django.setup()
from allauth.core import context
from allauth.core.internal import ratelimit
from django.test import RequestFactory
from portal.accounts.adapter import AccountAdapter
request = RequestFactory().post("/accounts/login/", REMOTE_ADDR="10.0.0.9")
key = AccountAdapter(request)._get_login_attempts_cache_key(request, email="ANA@applicant.example")
with context.request_context(request):
    for _ in range(3):
        assert ratelimit.consume(request, app="allauth.account", action="login_failed", key=key)
"""


def guess(client, person, password="wrong", **headers):
    return client.post(SIGN_IN, {"login": person.email, "password": password}, **headers).content.decode()


@pytest.mark.django_db
def test_guesses_beyond_the_fifth_are_refused_even_with_the_right_password(client, ana_applicant, set_password):
    set_password(ana_applicant)
    for _ in range(5):
        assert TOO_MANY not in guess(client, ana_applicant)

    assert TOO_MANY in guess(client, ana_applicant, PASSWORD)


@pytest.mark.django_db
def test_guesses_from_made_up_addresses_count_all_the_same(client, ana_applicant):
    for number in range(5):
        guess(
            client,
            ana_applicant,
            headers={"x-forwarded-for": f"203.0.113.{number}"},
            REMOTE_ADDR=f"198.51.100.{number}",
        )

    assert TOO_MANY in guess(
        client, ana_applicant, headers={"x-forwarded-for": "203.0.113.99"}, REMOTE_ADDR="198.51.100.99"
    )


@pytest.mark.django_db
def test_guesses_under_another_host_name_or_spelling_count_all_the_same(client, ana_applicant):
    for host in ("testserver", "localhost", "127.0.0.1", "testserver", "localhost"):
        client.post(SIGN_IN, {"login": f" {ana_applicant.email.upper()}", "password": "wrong"}, headers={"host": host})

    assert TOO_MANY in guess(client, ana_applicant)


@pytest.mark.django_db
def test_guesses_at_one_account_leave_others_alone(client, ana_applicant, ben_colleague, set_password):
    set_password(ben_colleague)
    for _ in range(6):
        guess(client, ana_applicant)

    answer = client.post(SIGN_IN, {"login": ben_colleague.email, "password": PASSWORD})

    assert answer.url == reverse("portal:home")


@pytest.mark.django_db
def test_guesses_in_another_process_count_here(client, ana_applicant):
    done = subprocess.run([sys.executable, "-c", OTHER_WORKER], check=False, capture_output=True, text=True, env=_env())
    assert done.returncode == 0, done.stderr

    assert TOO_MANY not in guess(client, ana_applicant)
    assert TOO_MANY not in guess(client, ana_applicant)
    assert TOO_MANY in guess(client, ana_applicant)


@pytest.mark.django_db
def test_a_whole_district_behind_one_address_can_sign_in(client, ana_applicant, set_password):
    set_password(ana_applicant)
    for _ in range(40):
        answer = client.post(SIGN_IN, {"login": ana_applicant.email, "password": PASSWORD})
        assert answer.url == reverse("portal:home")
        client.logout()


def _env():
    return {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "SECRET_KEY": "another-process",
        "VAR_DIR": str(django_settings.VAR_DIR),
        "REDIS_URL": django_settings.REDIS_URL,
        "REDIS_PREFIX": django_settings.CACHES["default"]["KEY_PREFIX"],
        "PYTHONPATH": str(django_settings.BASE_DIR),
    }
