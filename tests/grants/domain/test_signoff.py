"""Partners' signatures: asking by mail, signing and declining through a private link, links that no longer count."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from grants.domain.private_link import LINK_LIFETIME, digest_of
from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.proposal import signable
from grants.domain.section import save_section
from grants.domain.signoff import ContentChanged, decline, find, request_sign_off, sign
from grants.enums import ProposalState, SignOffState
from grants.models import Proposal, SignOff
from portal.activity.models import Entry
from portal.mail.models import Message
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory
from tests.factories.sites import a_site
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


@pytest.fixture
def proposal(ana_applicant):
    return ProposalFactory(site=a_site(ana_applicant, name="Harbor Promise"), title="Every student counts")


@pytest.fixture
def union(proposal):
    return proposal.site.partners.get(kind="union")


@pytest.fixture
def asked(proposal, union, ana_applicant):
    return request_sign_off(proposal, union, actor=ana_applicant, at=NOON)


def says(proposal):
    return signable(dossier_of(Proposal.objects.get(pk=proposal.pk)))


def give(sign_off, *, at=LATER, sha256=None, name="Tomás Rivera", title="President"):
    sha256 = sha256 or says(sign_off.proposal)
    return sign(sign_off, name=name, title=title, content_sha256=sha256, at=at)


def write(proposal, actor, text, version=0):
    answers = {"after-the-grant": text}
    return save_section(proposal, "sustainability", actor=actor, at=NOON, version=version, answers=answers)


# --- asking ---


def test_signature_asked_for_mails_a_private_link(settings, proposal, union, ana_applicant):
    settings.DEMO = True  # a secret mail keeps its text in the demo's mailbox only

    sign_off = request_sign_off(proposal, union, actor=ana_applicant, at=NOON)

    message = Message.objects.get(template="sign_off_request")
    assert (message.to, message.secret) == (union.signatory_email, True)
    token = message.text.split("/sign/")[1].split("/")[0]
    assert (sign_off.state, sign_off.expires_at) == (SignOffState.REQUESTED, NOON + LINK_LIFETIME)
    assert sign_off.token_digest == digest_of(token) != token
    assert find(token) == sign_off
    assert Entry.objects.of(proposal).first().summary == f"Tomás Rivera ({union}) asked to sign by Ana Applicant."


def test_signature_asked_for_again_replaces_the_link(settings, asked, proposal, union, ana_applicant):
    again = request_sign_off(proposal, union, actor=ana_applicant, at=LATER)

    assert again.pk == asked.pk
    assert (again.token_digest != asked.token_digest, again.expires_at) == (True, LATER + LINK_LIFETIME)
    with refuses("The team has sent you a newer link. Please use that one."):
        give(asked)


def test_signature_that_holds_is_not_asked_for_again(asked, proposal, union, ana_applicant):
    give(asked)

    with refuses(f"{union} has signed this proposal already."):
        request_sign_off(proposal, union, actor=ana_applicant, at=LATER)


def test_signature_after_a_decline_is_a_new_request(asked, proposal, union, ana_applicant):
    decline(asked, name="Tomás Rivera", reason="Not this year.", at=LATER)

    again = request_sign_off(proposal, union, actor=ana_applicant, at=LATER)

    states = list(SignOff.objects.order_by("pk").values_list("state", flat=True))
    assert (again.pk != asked.pk, states) == (True, ["declined", "requested"])


def test_signature_under_an_old_coalition_record_is_voided_when_asked_again(asked, proposal, union, ana_applicant):
    give(asked)
    proposal.site.story = "We are more by now."
    proposal.site.save()

    request_sign_off(proposal, union, actor=ana_applicant, at=LATER)

    assert list(SignOff.objects.order_by("pk").values_list("state", flat=True)) == ["void", "requested"]


def test_signature_of_another_sites_partner_is_refused(proposal, ana_applicant):
    stranger = a_site().partners.first()

    with pytest.raises(ValidationError, match="not a partner of the coalition"):
        request_sign_off(proposal, stranger, actor=ana_applicant, at=NOON)


def test_signature_of_a_partner_without_a_signatory_is_refused(proposal, union, ana_applicant):
    union.signatory_email = ""
    union.save()

    with pytest.raises(ValidationError, match="Say first who signs for"):
        request_sign_off(proposal, union, actor=ana_applicant, at=NOON)


def test_signature_asked_for_from_a_viewers_seat_is_refused(proposal, union, sam_stranger):
    with refuses("You need a lead or contributor seat on Harbor Promise to write here."):
        request_sign_off(proposal, union, actor=sam_stranger, at=NOON)


def test_signature_for_a_withdrawn_proposal_is_refused(ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant), state=ProposalState.WITHDRAWN)

    with refuses("This proposal was withdrawn. You can read it, and nothing more changes."):
        request_sign_off(proposal, proposal.site.partners.first(), actor=ana_applicant, at=NOON)


# --- answering ---


def test_signature_given_keeps_name_title_and_what_was_signed(asked, proposal, union):
    signed = give(asked, name=" Tomás  Rivera ", title="President")

    assert (signed.state, signed.answered_at) == (SignOffState.SIGNED, LATER)
    assert (signed.signed_name, signed.signed_title) == ("Tomás Rivera", "President")
    assert signed.content_sha256 == says(proposal)
    entry = Entry.objects.of(proposal).first()
    assert (entry.actor, entry.actor_label) == (None, f"Tomás Rivera ({union.signatory_email})")
    assert entry.summary == f"Signed by Tomás Rivera, President, for {union}."


def test_signature_for_a_text_that_changed_while_reading_is_refused(asked, proposal, ana_applicant):
    read = says(proposal)
    write(proposal, ana_applicant, "Something new")

    with pytest.raises(ContentChanged, match="changed while you were reading"):
        give(asked, sha256=read)
    assert SignOff.objects.get().state == SignOffState.REQUESTED


def test_signature_of_other_partners_does_not_change_what_is_signed(asked, proposal, ana_applicant):
    read = says(proposal)
    other = request_sign_off(proposal, proposal.site.partners.get(kind="district"), actor=ana_applicant, at=NOON)
    give(other)

    assert give(asked, sha256=read).state == SignOffState.SIGNED


@pytest.mark.parametrize(
    ("facts", "errors"),
    [
        ({"name": " "}, {"signed_name": ["Type your full name."]}),
        ({"title": ""}, {"signed_title": ["Type your title."]}),
        ({"name": "x" * 121}, {"signed_name": ["Shorten this to 120 characters."]}),
    ],
)
def test_signature_without_a_name_or_title_is_refused(facts, errors, asked):
    with pytest.raises(ValidationError) as raised:
        give(asked, **facts)

    assert raised.value.message_dict == errors


def test_signature_declined_keeps_the_reason(asked, proposal, union):
    declined = decline(asked, name="Tomás Rivera", reason=" We were not asked. ", at=LATER)

    assert (declined.state, declined.decline_reason) == (SignOffState.DECLINED, "We were not asked.")
    summary = f"Tomás Rivera declined to sign for {union}: We were not asked."
    assert Entry.objects.of(proposal).first().summary == summary


def test_signature_declined_without_a_reason_is_refused(asked):
    with pytest.raises(ValidationError) as raised:
        decline(asked, name="Tomás Rivera", reason=" ", at=LATER)

    assert raised.value.message_dict == {"decline_reason": ["Write a reason; those who asked you read it."]}


def test_signature_at_the_last_instant_of_the_link_counts(asked):
    assert give(asked, at=asked.expires_at).state == SignOffState.SIGNED


def test_signature_after_the_link_expired_is_refused(asked):
    with refuses("This link worked until Mon 26 Oct 2026, 12:00 noon Eastern. Ask the team for a new one."):
        give(asked, at=asked.expires_at + timedelta(microseconds=1))


def test_signature_given_twice_is_refused(asked):
    give(asked)

    with refuses("You signed on Tue 6 Oct 2026, 12:00 noon Eastern. Thank you; nothing more to do."):
        give(asked)


def test_signature_that_was_voided_is_refused_until_asked_again(asked, proposal, ana_applicant):
    give(asked)
    write(proposal, ana_applicant, "Something new")

    with refuses(
        "The proposal was changed after you signed (“After the grant”). The team will ask you again with a new link."
    ):
        give(asked)
    row = SignOff.objects.get()
    assert (row.state, row.ended_by, row.ended_at) == (SignOffState.VOID, ana_applicant, NOON)


def test_signature_under_a_withdrawn_proposal_is_refused(asked, proposal):
    Proposal.objects.filter(pk=proposal.pk).update(state=ProposalState.WITHDRAWN, withdrawn_at=NOON)
    fresh = SignOff.objects.select_related("proposal").get(pk=asked.pk)

    with refuses("The team has withdrawn this proposal, so it needs no signature any more. Thank you."):
        give(fresh)


def test_signature_at_the_closing_instant_counts_and_none_later(proposal, union, ana_applicant):
    closes = proposal.round.closes_at
    asked = request_sign_off(proposal, union, actor=ana_applicant, at=closes - timedelta(days=1))

    with refuses(
        "The call closed on Fri 30 Oct 2026, 5:00 pm Eastern, so this proposal needs no signature any more. Thank you."
    ):
        give(asked, at=closes + timedelta(microseconds=1))
    assert give(asked, at=closes).state == SignOffState.SIGNED


def test_signature_under_a_proposal_in_review_is_refused(asked, proposal):
    Proposal.objects.filter(pk=proposal.pk).update(
        state=ProposalState.IN_REVIEW, submitted_at=NOON, screened_at=NOON
    )  # fmt: skip
    fresh = SignOff.objects.select_related("proposal").get(pk=asked.pk)

    with refuses("The proposal is with the foundation now and needs no signature any more. Thank you."):
        give(fresh)


def test_unknown_token_finds_nothing():
    assert find("not-a-token") is None


@pytest.mark.parametrize(
    "facts",
    [
        {"state": SignOffState.SIGNED},
        {"state": SignOffState.DECLINED, "answered_at": NOON},
        {"state": "forged"},
    ],
)
def test_sign_off_row_that_does_not_say_by_whom_is_refused_by_the_database(facts, asked):
    with pytest.raises(IntegrityError):
        SignOff.objects.filter(pk=asked.pk).update(**facts)


def test_sign_off_of_a_partner_is_open_once(asked):
    with pytest.raises(IntegrityError):
        SignOff.objects.create(
            proposal=asked.proposal, partner=asked.partner, email="a@b.example", token_digest="1",
            requested_at=NOON, expires_at=LATER,
        )  # fmt: skip
