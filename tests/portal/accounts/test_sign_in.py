"""Signing in, a new password, a new address, other devices: with real requests."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from portal.accounts.domain.person import owns_address
from portal.activity.models import Entry
from portal.mail.models import Message
from tests.portal.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
SIGN_IN = "/accounts/login/"


@pytest.fixture
def ana(ana_applicant, set_password):
    return set_password(ana_applicant)


def sign_in(client, person, password=PASSWORD, **extra):
    return client.post(SIGN_IN, {"login": person.email, "password": password}, **extra)


def test_sign_in_goes_where_the_person_was_going(client, ana):
    answer = client.post(f"{SIGN_IN}?next=/coalitions/", {"login": ana.email, "password": PASSWORD})

    assert answer.url == "/coalitions/"


def test_sign_in_with_a_wrong_password_says_the_same_as_for_an_unknown_address(client, ana):
    wrong = sign_in(client, ana, "wrong")
    unknown = client.post(SIGN_IN, {"login": "nobody@example.org", "password": "wrong"})

    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_sign_in_to_a_closed_account_is_refused(client, ana):
    ana.is_active = False
    ana.save()

    assert sign_in(client, ana).url == reverse("account_inactive")


def test_sign_in_as_one_of_the_demos_people_is_refused_outside_the_demo(client, ana, settings):
    ana.is_demo = True
    ana.save()

    assert sign_in(client, ana).url == reverse("account_inactive")
    settings.DEMO = True
    assert sign_in(client, ana).url == reverse("portal:home")
    settings.DEMO = False
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_sign_out_is_a_post(client, ana):
    client.force_login(ana)

    client.get("/accounts/logout/")
    assert client.get(reverse("accounts:profile")).status_code == 200
    client.post("/accounts/logout/")
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_new_password_is_set_through_a_link_and_ends_other_sessions(client, ana, link_in, django_user_model):
    other = client.__class__()
    other.force_login(ana)
    client.post("/accounts/password/reset/", {"email": "ANA@applicant.example"})
    link = link_in("account_password", "/accounts/password/reset/key/")

    form_url = client.get(link).url
    client.post(form_url, {"password1": "another-long-phrase", "password2": "another-long-phrase"})

    assert sign_in(client, ana, "another-long-phrase").status_code == 302
    assert other.get(reverse("accounts:profile")).status_code == 302
    assert Message.objects.get(template="account_notice").subject == "Your password was changed"
    assert "reset-password" in Entry.objects.values_list("verb", flat=True)


def test_new_password_link_works_once(client, ana, link_in):
    client.post("/accounts/password/reset/", {"email": ana.email})
    link = link_in("account_password", "/accounts/password/reset/key/")
    form_url = client.get(link).url
    client.post(form_url, {"password1": "another-long-phrase", "password2": "another-long-phrase"})
    client.cookies.clear()

    assert "This link no longer works" in client.get(link).content.decode()


def test_new_password_for_an_unknown_address_answers_the_same(client, ana):
    known = client.post("/accounts/password/reset/", {"email": ana.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert Message.objects.get(to="nobody@example.org").template == "account_unknown"


def test_password_is_changed_and_told(client, ana):
    client.force_login(ana)

    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "another-long-phrase", "password2": "another-long-phrase"},
    )

    ana.refresh_from_db()
    assert ana.check_password("another-long-phrase")
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert Message.objects.get().template == "account_notice"


def test_address_change_asks_for_the_password_first(client, ana):
    client.force_login(ana)

    answer = client.post("/accounts/email/", {"action_add": "", "email": "ana@new.example"})

    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert not EmailAddress.objects.filter(email="ana@new.example").exists()


def test_address_change_moves_to_a_confirmed_address_and_tells_the_old_one(client, ana, proven, link_in):
    proven(client, ana)
    client.post("/accounts/email/", {"action_add": "", "email": "Ana@New.example"})
    assert not owns_address(ana, "ana@new.example")
    client.post("/accounts/email/", {"action_primary": "", "email": "ana@new.example"})
    ana.refresh_from_db()
    assert ana.email == "ana@applicant.example"

    client.post(link_in("account_confirm", "/accounts/confirm-email/"))
    client.post("/accounts/email/", {"action_primary": "", "email": "ana@new.example"})

    ana.refresh_from_db()
    assert ana.email == "ana@new.example"
    assert owns_address(ana, "ANA@new.example")
    notice = Message.objects.get(template="account_notice")
    assert (notice.to, notice.subject) == ("ana@applicant.example", "Your e-mail address was changed")
    assert "change-address" in Entry.objects.values_list("verb", flat=True)


def test_address_of_somebody_else_cannot_be_added(client, ana, ben_colleague, proven):
    proven(client, ana)

    client.post("/accounts/email/", {"action_add": "", "email": ben_colleague.email})

    assert not owns_address(ana, ben_colleague.email)


def test_sessions_page_lists_and_ends_the_others(client, ana):
    other = client.__class__(headers={"user-agent": "Another browser"})
    for browser in (client, other):
        sign_in(browser, ana)
        browser.get(reverse("accounts:profile"))
    assert "Another browser" in client.get(reverse("usersessions_list")).content.decode()

    client.post(reverse("usersessions_list"))

    assert other.get(reverse("accounts:profile")).status_code == 302
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_reauthentication_page_gives_the_way_back(client, ana):
    client.force_login(ana)
    asked = client.post("/accounts/email/", {"action_add": "", "email": "ana@new.example"}).url

    assert "Confirm that it is you" in client.get(asked).content.decode()
    client.post(asked, {"password": PASSWORD})

    assert EmailAddress.objects.filter(email="ana@new.example").exists()
