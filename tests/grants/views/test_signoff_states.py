"""The states of a private link a signatory may open, and the team's page when somebody else signs or a change voids."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from grants.domain.private_link import LINK_LIFETIME
from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.proposal import missing_to_submit, signable
from grants.domain.signoff import replace_signatory, request_sign_off, sign, token_of
from grants.enums import ProposalState, SignOffState
from grants.models import Proposal, SignOff
from portal import clock
from portal.mail.models import Message
from sites.enums import PartnerKind
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory, a_complete_proposal
from tests.factories.sites import PartnerFactory, a_site

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def proposal(ana_applicant, ben_colleague):
    return ProposalFactory(site=a_site(ana_applicant, contributors=[ben_colleague], name="Harbor Promise"))


@pytest.fixture
def union(proposal):
    return proposal.site.partners.get(kind=PartnerKind.UNION)


@pytest.fixture
def asked(proposal, union, ana_applicant):
    return request_sign_off(proposal, union, actor=ana_applicant, at=NOON)


@pytest.fixture
def link(asked):
    return reverse("grants:sign", args=[token_of(asked)])


def page(proposal):
    return reverse("grants:proposal-signoffs", args=[proposal.reference])


def replacing(proposal, partner):
    return reverse("grants:signoff-replace", args=[proposal.reference, partner.public_id])


def text_of(response):
    return " ".join(response.content.decode().split())


def signed(asked):
    proposal = Proposal.objects.get(pk=asked.proposal_id)
    return sign(asked, name="Tomás Rivera", title="President", content_sha256=signable(dossier_of(proposal)), at=NOON)


# --- links ---


def test_link_that_expired_offers_to_ask_for_another(client, link, asked, ana_applicant):
    with clock.at(NOON + LINK_LIFETIME + timedelta(hours=1)):
        expired = client.get(link)
        asking = client.post(link, {"answer": "link"})

    assert (expired.status_code, asking.status_code) == (410, 200)
    assert "Ask the team for a new link" in text_of(expired)
    assert f"It comes by mail to {asked.email}." in text_of(asking)
    assert Message.objects.filter(template="sign_off_wanted", to=ana_applicant.email).count() == 1


def test_link_of_somebody_who_was_replaced_says_so(client, link, proposal, union, ana_applicant):
    replace_signatory(proposal, union, name="Nora", title="", email="n@u.example", actor=ana_applicant, at=NOON)

    answer = client.get(link)

    assert (answer.status_code, "Somebody else signs now" in text_of(answer)) == (410, True)
    assert client.post(link, {"answer": "link"}).status_code == 410


def test_link_after_a_change_says_what_changed(client, link, asked, proposal, ana_applicant, client_of_ana):
    signed(asked)
    client_of_ana.post(reverse("sites:school-list", args=[proposal.site.reference]), {"schools": "New School"})

    text = text_of(client.get(link))

    assert "The proposal changed after you signed" in text
    assert "(the list of schools)" in text


def test_link_after_the_call_closed_offers_nothing_to_sign(client, link, proposal):
    with clock.at(proposal.round.closes_at + timedelta(seconds=1)):
        SignOff.objects.update(expires_at=proposal.round.closes_at + timedelta(days=9))
        answer = client.get(link)

    assert answer.status_code == 410
    assert "The call closed on Fri 30 Oct 2026, 5:00 pm Eastern" in text_of(answer)
    assert "Ask the team for a new link" not in text_of(answer)


def test_link_shows_budget_files_and_milestones(client, ana_applicant):
    complete = a_complete_proposal(actor=ana_applicant)
    SignOff.objects.filter(proposal=complete, partner__kind=PartnerKind.UNION).update(
        state=SignOffState.VOID, ended_at=NOON
    )
    partner = complete.site.partners.get(kind=PartnerKind.UNION)
    asked = request_sign_off(complete, partner, actor=ana_applicant, at=LATER)

    text = text_of(client.get(reverse("grants:sign", args=[token_of(asked)])))

    for shown in ("Five-year budget", "$1,200,000", "Leadership team meets every month", "Attachments"):
        assert shown in text


# --- the team's page ---


@pytest.fixture
def client_of_ana(ana_applicant):
    client = Client()
    client.force_login(ana_applicant)
    return client


def test_signatory_is_replaced_on_a_page_of_its_own(client_of_ana, asked, proposal, union):
    assert replacing(proposal, union) in text_of(client_of_ana.get(page(proposal)))

    answer = client_of_ana.post(
        replacing(proposal, union),
        {"signatory_name": "Nora Next", "signatory_title": "President", "signatory_email": "nora@union.example"},
        follow=True,
    )

    text = text_of(answer)
    assert f"Nora Next signs for {union} now" in text
    assert "What happened before" in text
    assert "Their link was closed" in text


def test_signatory_replaced_without_an_address_is_refused_with_what_was_typed(client_of_ana, asked, proposal, union):
    answer = client_of_ana.post(replacing(proposal, union), {"signatory_name": "Nora Next"})

    assert 'value="Nora Next"' in text_of(answer)
    assert SignOff.objects.get().state == SignOffState.REQUESTED


def test_signatory_who_signed_is_not_replaced(client_of_ana, asked, proposal, union):
    signed(asked)

    answer = client_of_ana.post(
        replacing(proposal, union), {"signatory_name": "Nora Next", "signatory_email": "nora@union.example"}
    )

    assert (answer.status_code, "has signed this proposal already" in text_of(answer)) == (409, True)


def test_signatory_is_not_replaced_by_a_contributor(client, asked, proposal, union, ben_colleague, sam_stranger):
    client.force_login(ben_colleague)
    assert "The site lead can name them." in text_of(client.get(page(proposal)))
    assert client.get(replacing(proposal, union)).status_code == 403
    client.force_login(sam_stranger)
    assert client.get(replacing(proposal, union)).status_code == 404


def test_change_that_voids_is_said_before_and_told_with_who_when_and_what_after(client_of_ana, asked, proposal):
    signed(asked)
    schools = reverse("sites:school-list", args=[proposal.site.reference])
    section = reverse("grants:proposal-section", args=[proposal.reference, "sustainability"])

    before, writing = text_of(client_of_ana.get(schools)), text_of(client_of_ana.get(section))
    client_of_ana.post(schools, {"schools": "New School"})
    after = text_of(client_of_ana.get(page(proposal)))

    assert "Saving a change here will void 1 signature" in before
    assert "Saving a change here will void 1 signature: Tomás Rivera." in writing
    assert "No longer valid: Ana Applicant changed the list of schools" in after
    assert "Saving a change here" not in text_of(client_of_ana.get(schools))


def test_decline_says_what_to_do_next(client, client_of_ana, link, proposal):
    client.post(link, {"answer": "decline", "decline-signed_name": "Tomás", "decline-decline_reason": "Too early."})

    assert "What now? Talk with Tomás." in text_of(client_of_ana.get(page(proposal)))


def test_expired_link_is_shown_as_such(client_of_ana, asked, proposal):
    with clock.at(NOON + LINK_LIFETIME + timedelta(minutes=1)):
        assert "Link expired" in text_of(client_of_ana.get(page(proposal)))


@pytest.mark.parametrize("rows", [1, 30])
def test_page_costs_the_same_however_many_partners(client_of_ana, proposal, rows, django_assert_max_num_queries):
    for number in range(rows):
        partner = PartnerFactory(site=proposal.site)
        for turn, state in enumerate((SignOffState.WITHDRAWN, SignOffState.REQUESTED)):
            SignOff.objects.create(
                proposal=proposal, partner=partner, email="a@b.example", state=state, requested_at=NOON,
                expires_at=LATER, token_digest=f"{number}-{turn}", ended_at=NOON, ended_by=proposal.started_by,
            )  # fmt: skip
    client_of_ana.get(page(proposal))

    with django_assert_max_num_queries(28):
        client_of_ana.get(page(proposal))


def test_withdrawn_proposal_says_so_to_its_signatory(client, link, proposal):
    Proposal.objects.filter(pk=proposal.pk).update(state=ProposalState.WITHDRAWN, withdrawn_at=NOON)

    assert "The team has withdrawn this proposal" in text_of(client.get(link))


def test_fiscal_agent_that_cannot_be_paid_stands_in_the_way_with_a_link(client_of_ana, proposal):
    proposal.site.partners.filter(pk=proposal.site.fiscal_agent_id).update(ein="", name="The fund")

    text = text_of(client_of_ana.get(reverse("grants:proposal-section", args=[proposal.reference, "coalition"])))

    agent = reverse("sites:partner-edit", args=[proposal.site.reference, proposal.site.fiscal_agent.public_id])
    assert f'<a href="{agent}">Add the EIN of The fund, the fiscal agent.</a>' in text
    assert "Add the EIN of The fund, the fiscal agent." in missing_to_submit(Proposal.objects.get(pk=proposal.pk))
