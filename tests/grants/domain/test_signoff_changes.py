"""What happens around signatures: another signatory, a change of the coalition's record, expired links, a decline."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from grants.domain.private_link import LINK_LIFETIME, digest_of
from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.proposal import signable
from grants.domain.queries.signature import signatures_at_stake, signatures_of
from grants.domain.signoff import (
    ask_for_new_link,
    decline,
    find,
    replace_signatory,
    request_sign_off,
    sign,
    token_of,
)
from grants.enums import ProposalState, SignOffState
from grants.models import Proposal, SignOff
from portal.activity.models import Entry
from portal.mail.models import Message
from portal.todo import todos_for
from sites.domain.partner import add_partner, change_partner
from sites.domain.school import add_schools
from sites.domain.site import change_site, set_fiscal_agent
from sites.enums import PartnerKind
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory
from tests.factories.sites import a_site
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


@pytest.fixture
def proposal(ana_applicant, ben_colleague):
    site = a_site(ana_applicant, contributors=[ben_colleague], name="Harbor Promise")
    return ProposalFactory(site=site, title="Every student counts")


@pytest.fixture
def union(proposal):
    return proposal.site.partners.get(kind=PartnerKind.UNION)


@pytest.fixture
def asked(proposal, union, ana_applicant):
    return request_sign_off(proposal, union, actor=ana_applicant, at=NOON)


@pytest.fixture
def signed(asked, proposal):
    return sign(asked, name="Tomás Rivera", title="President", content_sha256=says(proposal), at=NOON)


def says(proposal):
    return signable(dossier_of(Proposal.objects.get(pk=proposal.pk)))


def states():
    return list(SignOff.objects.order_by("pk").values_list("state", flat=True))


def replace(proposal, union, actor, **facts):
    union.refresh_from_db()
    facts = {"name": "Nora Next", "title": "President", "email": "Nora@Union.example"} | facts
    return replace_signatory(proposal, union, **facts, actor=actor, at=LATER)


# --- somebody else signs ---


def test_signatory_replaced_closes_the_old_link_and_asks_the_new_person(asked, proposal, union, ana_applicant):
    old = token_of(asked)

    new = replace(proposal, union, ana_applicant)

    first, _ = SignOff.objects.order_by("pk")
    assert states() == [SignOffState.WITHDRAWN, SignOffState.REQUESTED]
    assert (first.ended_by, first.ended_at, first.asked_name) == (ana_applicant, LATER, "Tomás Rivera")
    assert (new.asked_name, new.email, new.partner.signatory_name) == ("Nora Next", "nora@union.example", "Nora Next")
    assert Message.objects.filter(template="sign_off_request").latest("created_at").to == "nora@union.example"
    with refuses(f"The team has named somebody else to sign for {union}. Thank you; nothing more to do."):
        sign(find(old), name="Tomás Rivera", title="President", content_sha256=says(proposal), at=LATER)


def test_signatory_replaced_in_the_coalition_is_asked_anew_with_the_old_link_closed(
    asked, proposal, union, ana_applicant
):
    union = change_partner(
        union, version=union.version, signatory_name="Nora Next", signatory_email="nora@union.example",
        actor=ana_applicant, at=LATER,
    )  # fmt: skip
    assert [each.is_stale_address for each in signatures_of(dossier_of(proposal)) if each.partner == union] == [True]
    assert f"Send a link to whoever signs for {union} now" in [todo.text for todo in todos_for(ana_applicant, NOON)]

    request_sign_off(proposal, union, actor=ana_applicant, at=LATER)

    assert states() == [SignOffState.WITHDRAWN, SignOffState.REQUESTED]


def test_signatory_who_signed_is_not_replaced_and_the_record_stays(signed, proposal, union, ana_applicant):
    with refuses(f"{union} has signed this proposal already."):
        replace(proposal, union, ana_applicant)

    union.refresh_from_db()
    assert union.signatory_name == "Tomás Rivera"


def test_signatory_is_replaced_by_the_lead_only(asked, proposal, union, ben_colleague):
    with refuses("Only the site lead of Harbor Promise can do this."):
        replace(proposal, union, ben_colleague)


@pytest.mark.parametrize(("missing", "field"), [("name", "signatory_name"), ("email", "signatory_email")])
def test_signatory_without_a_name_or_address_is_refused(asked, proposal, union, ana_applicant, missing, field):
    with pytest.raises(ValidationError) as raised:
        replace(proposal, union, ana_applicant, **{missing: " "})

    assert list(raised.value.message_dict) == [field]


def test_history_of_a_partner_shows_every_request_newest_first(asked, proposal, union, ana_applicant):
    decline(asked, name="Tomás Rivera", reason="Not this year.", at=NOON)
    replace(proposal, union, ana_applicant)

    signature = next(each for each in signatures_of(dossier_of(Proposal.objects.get())) if each.partner == union)

    assert signature.sign_off.asked_name == "Nora Next"
    assert [each.state for each in signature.earlier] == [SignOffState.DECLINED]


# --- the coalition's record ---


def change_ein(site, actor):
    agent = site.fiscal_agent
    change_partner(agent, version=agent.version, ein="123456789", actor=actor, at=LATER)


CHANGES = {
    "a new partner, Library": lambda site, actor: add_partner(
        site, kind="community", name="Library", actor=actor, at=LATER
    ),
    "what is said of the coalition": lambda site, actor: change_site(
        site, version=site.version, story="More.", actor=actor, at=LATER
    ),
    "the list of schools": lambda site, actor: add_schools(site, "New School", actor=actor, at=LATER),
    "the fiscal agent": lambda site, actor: set_fiscal_agent(
        site, site.partners.get(kind="union"), actor=actor, at=LATER
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_change_of_the_coalition_voids_signatures_and_says_who_when_and_what(what, signed, proposal, ana_applicant):
    CHANGES[what](proposal.site, ana_applicant)

    signed.refresh_from_db()
    assert (signed.state, signed.ended_by, signed.ended_at) == (SignOffState.VOID, ana_applicant, LATER)
    assert signed.ended_because == what
    entry = Entry.objects.of(proposal).first()
    assert entry.summary == (
        f"Ana Applicant changed {what} on the coalition’s record. No longer signed by Tomás Rivera."
    )


def test_change_of_who_signs_voids_nothing(signed, proposal, union, ana_applicant):
    change_partner(union, version=union.version, signatory_title="Chair", actor=ana_applicant, at=LATER)

    assert states() == [SignOffState.SIGNED]


def test_change_of_the_coalition_leaves_what_the_foundation_has_alone(signed, proposal, ana_applicant):
    Proposal.objects.filter(pk=proposal.pk).update(
        state=ProposalState.IN_REVIEW, submitted_at=NOON, screened_at=NOON
    )  # fmt: skip

    change_ein(proposal.site, ana_applicant)

    assert (states(), signatures_at_stake(proposal.site, ana_applicant, LATER)) == ([SignOffState.SIGNED], None)


def test_signatures_at_stake_are_told_before_saving(signed, proposal, union, ana_applicant):
    panel = signatures_at_stake(proposal.site, ana_applicant, LATER)

    assert panel.facts == {"proposals": [(proposal, [signed])], "number": 1}
    change_ein(proposal.site, ana_applicant)
    assert signatures_at_stake(proposal.site, ana_applicant, LATER) is None


# --- links ---


def test_link_can_be_made_again_from_the_request(asked):
    assert digest_of(token_of(asked)) == asked.token_digest
    asked.token_digest = "made with another key"
    assert token_of(asked) == ""


def test_link_can_be_made_again_whatever_the_zone_it_was_asked_in(proposal, union, ana_applicant):
    local = NOON.astimezone(ZoneInfo("America/New_York"))
    pk = request_sign_off(proposal, union, actor=ana_applicant, at=local).pk

    row = SignOff.objects.get(pk=pk)

    assert digest_of(token_of(row)) == row.token_digest


def test_link_that_expired_is_asked_for_and_the_team_is_mailed_once(asked, proposal, ana_applicant, ben_colleague):
    late = asked.expires_at + timedelta(minutes=1)

    for _ in range(2):
        ask_for_new_link(asked, at=late)

    wanted = Message.objects.filter(template="sign_off_wanted")
    assert sorted(wanted.values_list("to", flat=True)) == sorted([ana_applicant.email, ben_colleague.email])
    assert request_sign_off(proposal, asked.partner, actor=ana_applicant, at=late).expires_at == late + LINK_LIFETIME


def test_link_that_works_is_not_asked_for(asked):
    with refuses("This link did not expire, so there is nothing to ask for."):
        ask_for_new_link(asked, at=LATER)


def test_signature_declined_is_mailed_to_the_team(asked, ana_applicant, ben_colleague):
    decline(asked, name="Tomás Rivera", reason="We were not asked.", at=LATER)

    mails = Message.objects.filter(template="sign_off_declined")
    assert sorted(mails.values_list("to", flat=True)) == sorted([ana_applicant.email, ben_colleague.email])
    assert "We were not asked." in mails[0].text
