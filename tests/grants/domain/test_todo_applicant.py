"""What the home page asks a team to do about its proposals."""

from datetime import timedelta

import pytest

from grants.domain.private_link import LINK_LIFETIME
from grants.domain.queries.todo_applicant import proposals_to_write, signatures_to_gather
from grants.domain.section import save_section
from grants.domain.signoff import decline, request_sign_off
from grants.enums import ProposalState, RoundState
from tests.conftest import NOON
from tests.factories.proposals import CHANGES_DUE, ProposalFactory, a_complete_proposal
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db


def texts(provider, user, at=NOON):
    return [(todo.text, todo.about) for todo in provider(user, at)]


def test_todo_names_drafts_and_what_was_sent_back(ana_applicant):
    site = a_site(ana_applicant)
    draft = ProposalFactory(site=site)
    returned = ProposalFactory(site=site, state=ProposalState.RETURNED)
    ProposalFactory(site=site, state=ProposalState.SUBMITTED)

    todos = list(proposals_to_write(ana_applicant, NOON))

    assert [(todo.text, todo.about, todo.due) for todo in todos] == [
        ("Change the proposal as asked and submit it again", str(returned), CHANGES_DUE),
        ("Finish and submit the proposal", str(draft), draft.round.closes_at),
    ]


def test_todo_points_to_an_open_call_nobody_of_the_site_answers(ana_applicant):
    a_site(ana_applicant)
    round_ = RoundFactory()
    RoundFactory(state=RoundState.DRAFT)

    assert texts(proposals_to_write, ana_applicant) == [("Read the open call and start a proposal", str(round_))]


def test_todo_says_for_some_days_that_a_call_closed_with_a_draft(ana_applicant):
    draft = ProposalFactory(site=a_site(ana_applicant))
    closes = draft.round.closes_at

    assert texts(proposals_to_write, ana_applicant, closes + timedelta(days=1)) == [
        ("Ask for more time if you need it: the call closed with your draft", str(draft))
    ]
    assert texts(proposals_to_write, ana_applicant, closes + timedelta(days=4)) == []


@pytest.mark.parametrize("seat", ["viewers", "finance"])
def test_todo_is_not_for_seats_that_do_not_write(seat, ben_colleague):
    ProposalFactory(site=a_site(**{seat: [ben_colleague]}))

    assert texts(proposals_to_write, ben_colleague) == texts(signatures_to_gather, ben_colleague) == []


def test_todo_names_partners_who_declined_or_whose_link_expired(ana_applicant):
    site = a_site(ana_applicant)
    proposal = ProposalFactory(site=site)
    union, district = site.partners.get(kind="union"), site.partners.get(kind="district")
    asked = request_sign_off(proposal, union, actor=ana_applicant, at=NOON)
    request_sign_off(proposal, district, actor=ana_applicant, at=NOON)
    assert texts(signatures_to_gather, ana_applicant) == []

    decline(asked, name="Tomás Rivera", reason="Not this year.", at=NOON)

    late = NOON + LINK_LIFETIME + timedelta(days=1)
    assert texts(signatures_to_gather, ana_applicant, late) == [
        (f"Talk with {union}, who declined to sign", str(proposal)),
        (f"Send {district} a new link to sign, because the old one expired", str(proposal)),
    ]
    assert texts(signatures_to_gather, ana_applicant, proposal.round.closes_at + timedelta(seconds=1)) == []


def test_todo_names_partners_whose_signature_no_longer_holds(ana_applicant):
    proposal = a_complete_proposal(actor=ana_applicant)
    save_section(
        proposal, "sustainability", actor=ana_applicant, at=NOON, version=1, answers={"after-the-grant": "New"}
    )

    named = {text for text, _ in texts(signatures_to_gather, ana_applicant)}

    partners = proposal.site.partners.all()
    assert named == {f"Ask {partner} to sign again, because the text changed" for partner in partners}


@pytest.mark.parametrize("number", [1, 10])
def test_todos_cost_the_same_for_many_proposals(number, ana_applicant, django_assert_num_queries):
    for _ in range(number):
        site = a_site(ana_applicant)
        proposal = ProposalFactory(site=site)
        request_sign_off(proposal, site.partners.first(), actor=ana_applicant, at=NOON)
    ana_applicant.forget_seats()

    with django_assert_num_queries(5):  # seats, two kinds of proposals, open calls, signatures
        list(proposals_to_write(ana_applicant, NOON))
        list(signatures_to_gather(ana_applicant, NOON))
