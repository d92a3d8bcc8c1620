"""A session or a form's check that ended while somebody typed: what they typed comes back to them, and to nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from grants.models import Answer
from tests.factories.proposals import ProposalFactory
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
TYPED = {
    "after-the-grant": "Typed for an hour.\n\n• <b>kept</b>",
    "version": "0",
    "editor": "a" * 32,
    "password": "x y",
}
OURS = {"Origin": "http://testserver"}


@pytest.fixture
def url(ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant))
    return reverse("grants:proposal-section", args=[proposal.reference, "sustainability"])


@pytest.fixture
def strict(ana_applicant):
    """A browser of Ana's in which forms are checked."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ana_applicant)
    return browser


def text_of(response):
    return response.content.decode()


def test_form_of_somebody_signed_out_comes_back_with_its_text(client, url):
    response = client.post(url, TYPED)

    assert response.status_code == 401
    assert '<label class="form-label" for="posted-1">After the grant</label>' in text_of(response)
    assert "Typed for an hour.\n\n• &lt;b&gt;kept&lt;/b&gt;</textarea>" in text_of(response)
    assert "x y" not in text_of(response)
    assert Answer.objects.count() == 0


def test_save_by_itself_of_somebody_signed_out_is_told_in_a_word(client, url):
    response = client.post(url, TYPED, headers={"HX-Request": "true"})

    assert (response.status_code, text_of(response)) == (401, "You are signed out.")


def test_page_of_somebody_signed_out_leads_to_signing_in(client, url):
    assert client.get(url).url == f"{reverse('account_login')}?next={url}"
    assert client.post(url).url == f"{reverse('account_login')}?next={url}"


def test_form_whose_check_failed_comes_back_to_be_sent_again(strict, url):
    response = strict.post(url, TYPED, headers=OURS)

    assert response.status_code == 403
    assert "Typed for an hour." in text_of(response)
    assert "You are signed in as Ana Applicant." in text_of(response)
    token = response.context["csrf_token"]
    again = strict.post(url, TYPED | {"csrfmiddlewaretoken": str(token)}, headers=OURS)
    assert (again.status_code, Answer.objects.get().text) == (302, "Typed for an hour.\n\n• <b>kept</b>")


@pytest.mark.parametrize("headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}, {}])
def test_form_sent_by_another_site_is_not_offered_to_be_sent(headers, strict, url):
    response = strict.post(url, TYPED, headers=headers)

    assert response.status_code == 403
    assert "Typed for an hour." not in text_of(response)
    assert "<form" not in text_of(response)


def test_save_by_itself_whose_check_failed_is_told_in_a_header(strict, url):
    response = strict.post(url, TYPED, headers=OURS | {"HX-Request": "true"})

    assert (response.status_code, response.headers["X-Form-Check"], response.content) == (403, "failed", b"")


def test_form_around_signing_in_never_comes_back(strict):
    response = strict.post(reverse("account_login"), {"login": "ana@applicant.example", "note": "a b"}, headers=OURS)

    assert response.status_code == 403
    assert "ana@applicant.example" not in text_of(response)


def test_ordinary_save_tells_the_browser_what_it_may_forget(client, url, ana_applicant):
    client.force_login(ana_applicant)

    saved = client.post(url, TYPED)
    by_itself = client.post(url, TYPED | {"version": "1"}, headers={"HX-Request": "true"})

    assert saved.cookies["saved"].value == "a" * 32
    assert "saved" not in by_itself.cookies
