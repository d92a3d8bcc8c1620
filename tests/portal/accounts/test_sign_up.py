"""Signing up with real requests: confirmed by a button, the same for known and unknown addresses."""

import time

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.urls import reverse

from portal.accounts.models import User
from portal.activity.models import Entry
from portal.mail.models import Message
from tests.portal.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
SIGN_UP = "/accounts/signup/"
TYPED = {"name": "Kim Doe", "email": "Kim@Example.org", "password1": PASSWORD}


def test_sign_up_sends_a_link_that_confirms_by_a_button_only(client, link_in):
    answer = client.post(SIGN_UP, TYPED)

    assert answer.url == reverse("account_email_verification_sent")
    person = User.objects.get()
    assert (person.email, person.name, person.is_superuser) == (
        "kim@example.org",
        "Kim Doe",
        False,
    )
    assert Message.objects.get().to == "kim@example.org"
    link = link_in("account_confirm", "/accounts/confirm-email/")
    page = client.get(link).content.decode()
    assert "Yes, confirm it" in page
    assert not EmailAddress.objects.get().verified

    client.post(link)

    assert EmailAddress.objects.get().verified


def test_sign_up_then_sign_in_opens_home(client, link_in):
    client.post(SIGN_UP, TYPED)
    client.post(link_in("account_confirm", "/accounts/confirm-email/"))

    answer = client.post("/accounts/login/", {"login": "KIM@example.org", "password": PASSWORD})

    assert answer.url == reverse("portal:home")
    assert client.get(reverse("portal:home")).context["user"].email == "kim@example.org"
    assert list(Entry.objects.values_list("verb", flat=True)) == ["confirm-address", "sign-up"]


def test_sign_in_before_the_address_is_confirmed_sends_the_link_again(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"confirm_email": None}
    client.post(SIGN_UP, TYPED)

    answer = client.post("/accounts/login/", {"login": "kim@example.org", "password": PASSWORD})

    assert answer.url == reverse("account_email_verification_sent")
    assert Message.objects.filter(template="account_confirm").count() == 2
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_sign_up_keeps_where_the_person_was_going_even_in_another_browser(client, link_in):
    client.post(f"{SIGN_UP}?next=/invitations/abc/", TYPED)
    link = link_in("account_confirm", "/accounts/confirm-email/")
    client.cookies.clear()

    answer = client.post(link)

    assert answer.url == "/invitations/abc/"


def test_link_of_somebody_else_signs_nobody_out_by_being_opened(client, link_in, ben_colleague):
    client.post(SIGN_UP, TYPED)
    link = link_in("account_confirm", "/accounts/confirm-email/")
    client.force_login(ben_colleague)

    client.get(link)
    assert client.get(reverse("accounts:profile")).status_code == 200
    client.post(link)
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_sign_up_does_not_lead_to_another_site(client, link_in):
    client.post(f"{SIGN_UP}?next=https://evil.example/", TYPED)

    assert "evil" not in link_in("account_confirm", "/accounts/confirm-email/")


def test_sign_up_prefills_the_invited_address(client):
    page = client.get(f"{SIGN_UP}?email=kim@example.org&next=/invitations/abc/").content.decode()

    assert 'value="kim@example.org"' in page


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": " "}, "Enter your full name"),
        ({"email": "kim"}, "valid email address"),
        ({"password1": "short"}, "at least 12 characters"),
        ({"password1": "password1234"}, "too common"),
        ({"password1": "kim@example.org"}, "too similar"),
    ],
)
def test_sign_up_with_something_wrong_says_what(client, change, message):
    page = client.post(SIGN_UP, TYPED | change).content.decode()

    assert message in page
    assert not User.objects.exists()


def test_sign_up_cannot_give_itself_rights(client):
    client.post(SIGN_UP, TYPED | {"is_staff": "on", "is_superuser": "on", "role": "administrator", "is_demo": "on"})

    person = User.objects.get()
    assert (person.is_superuser, person.is_demo, person.roles) == (False, False, frozenset())


def test_sign_up_with_a_known_address_answers_the_same_and_tells_the_owner(client, ana_applicant):
    known = client.post(SIGN_UP, TYPED | {"email": "Ana@Applicant.example"})
    unknown = client.post(SIGN_UP, TYPED)

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert {message.to: message.template for message in Message.objects.all()} == {
        "ana@applicant.example": "account_exists", "kim@example.org": "account_confirm",
    }  # fmt: skip
    assert client.get(known.url).content.count(b"Check your e-mail") > 0
    assert User.objects.count() == 2


def test_sign_up_takes_as_long_for_known_as_for_unknown_addresses(client, settings, monkeypatch, ana_applicant):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = {}
    hashed, encode = [], ScryptPasswordHasher.encode
    monkeypatch.setattr(
        ScryptPasswordHasher, "encode", lambda self, *args, **more: hashed.append(1) or encode(self, *args, **more)
    )
    took, hashes = {"known": [], "unknown": []}, {"known": set(), "unknown": set()}
    client.post(SIGN_UP, TYPED | {"email": "first@example.org"})
    for number in range(5):
        for kind, address in (("known", ana_applicant.email), ("unknown", f"kim{number}@example.org")):
            hashed.clear()
            # The processor's time, not the clock's: other work on the machine must not blur the difference.
            began = time.process_time()
            client.post(SIGN_UP, TYPED | {"email": address})
            took[kind].append(time.process_time() - began)
            hashes[kind].add(len(hashed))

    # Hashing is nearly all of it. The rest differs by less than a busy machine does from itself.
    assert hashes["known"] == hashes["unknown"] == {1}
    assert max(min(took["known"]), min(took["unknown"])) < 2 * min(*took["known"], *took["unknown"])


def test_messages_with_links_are_secret(client):
    client.post(SIGN_UP, TYPED)

    assert Message.objects.get().secret
