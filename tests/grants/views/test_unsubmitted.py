"""The pages of what a team changed after submitting."""

from datetime import timedelta

import pytest
from django.urls import reverse

from grants.models import Proposal
from portal import clock
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory, a_submitted_proposal
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def proposal(ana_applicant):
    proposal = a_submitted_proposal(actor=ana_applicant)
    Proposal.objects.update(title="A better title")
    proposal.refresh_from_db()
    return proposal


def page(proposal, name):
    return reverse(f"grants:{name}", args=[proposal.reference])


def text_of(response):
    return " ".join(response.content.decode().split())


def test_changes_are_shown_beside_what_was_submitted(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    response = client.get(page(proposal, "proposal-changes"))

    (change,) = [each for each in response.context["changed"] if each.key == "coalition"]
    assert [(row.label, row.after) for row in change.rows] == [("Title", "A better title")]
    assert page(proposal, "proposal-changes-drop") in text_of(response)


def test_changes_dropped_from_the_page_that_asks(client, proposal, ana_applicant):
    client.force_login(ana_applicant)
    asked = client.get(page(proposal, "proposal-changes-drop"))
    version = asked.context["form"]["version"].value()

    done = client.post(page(proposal, "proposal-changes-drop"), {"version": version}, follow=True)

    assert "Go back to what you submitted?" in text_of(asked)
    assert "Your proposal says again what you submitted." in text_of(done)
    assert Proposal.objects.get().title != "A better title"
    assert "We have your proposal" in text_of(done)


def test_changes_after_the_closing_can_be_read_and_not_dropped(client, proposal, ana_applicant):
    client.force_login(ana_applicant)
    with clock.at(proposal.round.closes_at + timedelta(seconds=1)):
        workspace = text_of(client.get(page(proposal, "proposal-detail")))
        changes = text_of(client.get(page(proposal, "proposal-changes")))
        drop = client.post(page(proposal, "proposal-changes-drop"), {"version": proposal.version})

    assert "Version 1 counts" in workspace
    assert "The call is over: that version counts." in changes
    assert page(proposal, "proposal-changes-drop") not in changes
    assert (drop.status_code, Proposal.objects.get().title) == (409, "A better title")


def test_draft_has_nothing_to_compare(client, ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant))
    client.force_login(ana_applicant)

    assert "Nothing to compare" in text_of(client.get(page(proposal, "proposal-changes")))
    assert "There is nothing to drop now." in text_of(client.get(page(proposal, "proposal-changes-drop")))
