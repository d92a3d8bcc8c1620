"""Pages of earlier versions: the list, what changed since, and bringing one back."""

import pytest
from django.urls import reverse

from grants.domain.section import save_section
from grants.models import Answer, SectionRevision, SignOff
from portal import clock
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory, a_complete_proposal
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
KEY = "sustainability"


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def proposal(ana_applicant, ben_colleague):
    proposal = ProposalFactory(site=a_site(ana_applicant, viewers=[ben_colleague]))
    for version, text in enumerate(("Teachers stay.", "Teachers and coaches stay.")):
        save(proposal, ana_applicant, text, version)
    return proposal


def save(proposal, actor, text, version):
    answers = {"after-the-grant": text}
    save_section(proposal, KEY, actor=actor, at=NOON, version=version, answers=answers)


def page(proposal, number=None, key=KEY):
    if number is None:
        return reverse("grants:revision-list", args=[proposal.reference, key])
    return reverse("grants:revision-detail", args=[proposal.reference, key, number])


def text_of(response):
    return " ".join(response.content.decode().split())


def test_list_says_who_saved_when_and_how_much(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    text = text_of(client.get(page(proposal)))

    assert "Mon 5 Oct 2026, 12:00 noon Eastern" in text
    assert "Ana Applicant · 2 words added</small>" in text
    assert text.index("Newest") < text.index("Version 1")


def test_list_of_a_section_never_saved_says_so(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    assert "Nothing is kept yet" in text_of(client.get(page(proposal, key="need")))


def test_version_marks_what_was_added_and_removed_in_words_too(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    text = text_of(client.get(page(proposal, 1)))

    added = '<ins><span class="visually-hidden">[added: </span>and coaches <span class="visually-hidden">]</span></ins>'
    assert f"Teachers {added}stay." in text


def test_version_brought_back_is_the_newest(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    response = client.post(page(proposal, 1), {"version": 2})

    assert response.url == reverse("grants:proposal-section", args=[proposal.reference, KEY])
    assert Answer.objects.get().text == "Teachers stay."
    assert "brought version 1 back" in text_of(client.get(page(proposal)))


def test_version_brought_back_over_a_newer_save_is_shown_again_first(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    response = client.post(page(proposal, 1), {"version": 1})

    assert response.status_code == 409
    assert "Ana Applicant saved this page meanwhile. Here is what it says now" in text_of(response)
    assert Answer.objects.get().text == "Teachers and coaches stay."


def test_version_brought_back_under_signatures_says_whose_are_gone(client, ana_applicant):
    proposal = a_complete_proposal(actor=ana_applicant)
    SectionRevision.objects.filter(proposal=proposal, key=KEY).update(content={"answers": {"after-the-grant": "Old"}})
    client.force_login(ana_applicant)

    before = text_of(client.get(page(proposal, 1)))
    response = client.post(page(proposal, 1), {"version": 1}, follow=True)

    assert "Restoring this will void 3 signatures" in before
    assert str(next(iter(response.context["messages"]))).startswith("The text changed, so it is no longer signed by ")
    assert SignOff.objects.filter(state="void").count() == 3


def test_version_read_from_a_seat_that_does_not_write_has_a_dead_button_that_says_why(client, proposal, ben_colleague):
    client.force_login(ben_colleague)

    text = text_of(client.get(page(proposal, 1)))

    assert f"You need a lead or contributor seat on {proposal.site} to write here." in text
    assert client.post(page(proposal, 1), {"version": 2}).status_code == 403


@pytest.mark.parametrize("number", [0, 3, 99999])
def test_version_that_is_not_there_is_not_found(number, client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    assert client.get(page(proposal, number)).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_list_costs_the_same_however_many_there_are(
    number, client, proposal, ana_applicant, django_assert_max_num_queries
):
    for version in range(2, number + 2):
        save(proposal, ana_applicant, f"Text {version}", version)
    client.force_login(ana_applicant)
    client.get(page(proposal))

    with django_assert_max_num_queries(9):
        client.get(page(proposal))


def test_version_costs_at_most_sixteen_queries(client, proposal, ana_applicant, django_assert_max_num_queries):
    client.force_login(ana_applicant)
    client.get(page(proposal, 1))

    with django_assert_max_num_queries(16):
        client.get(page(proposal, 1))
