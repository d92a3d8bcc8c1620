"""Reminders to signatories: after five days, and three days before the deadline; each once."""

from datetime import timedelta

import pytest

from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.proposal import signable
from grants.domain.signoff import decline, find, request_sign_off, sign
from grants.domain.signoff_reminder import AFTER, BEFORE, remind_signatories
from grants.enums import ProposalState
from grants.models import Proposal, SignOff
from portal.activity.models import Entry
from portal.mail.models import Message
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def proposal(ana_applicant):
    round_ = RoundFactory(closes_at=NOON + timedelta(days=15))
    return ProposalFactory(round=round_, site=a_site(ana_applicant))


@pytest.fixture
def asked(proposal, ana_applicant):
    union = proposal.site.partners.get(kind="union")
    return request_sign_off(proposal, union, actor=ana_applicant, at=NOON)


def reminders():
    return Message.objects.filter(template="sign_off_reminder").count()


@pytest.fixture
def closing(proposal):
    return proposal.round.closes_at


def test_signatory_is_reminded_at_both_moments_and_once_at_each(asked, closing):
    moments = [
        NOON + AFTER - SECOND, NOON + AFTER, NOON + AFTER + HOUR, closing - BEFORE - SECOND, closing - BEFORE,
        closing - HOUR, closing + HOUR,
    ]  # fmt: skip

    sent = [remind_signatories(at=at) for at in moments]

    assert sent == [0, 1, 0, 0, 1, 0, 0]
    asked.refresh_from_db()
    assert asked.reminded_at == closing - BEFORE


def test_reminder_carries_the_link_that_was_sent(settings, asked, proposal):
    settings.DEMO = True

    remind_signatories(at=NOON + AFTER)

    message = Message.objects.get(template="sign_off_reminder")
    token = message.text.split("/sign/")[1].split("/")[0]
    assert (message.to, message.secret, find(token)) == (asked.email, True, asked)
    assert Entry.objects.of(proposal).first().summary == (
        f"The portal reminded Tomás Rivera to sign for {asked.partner}."
    )


def test_reminder_after_a_day_of_downtime_is_one_mail(asked, closing):
    assert [remind_signatories(at=closing - HOUR), remind_signatories(at=closing)] == [1, 0]


def test_signatory_asked_again_is_reminded_five_days_later(asked, proposal, ana_applicant):
    request_sign_off(proposal, asked.partner, actor=ana_applicant, at=NOON + timedelta(days=4))

    assert [remind_signatories(at=NOON + AFTER), remind_signatories(at=NOON + timedelta(days=9))] == [0, 1]


def test_signatory_asked_in_the_last_days_is_not_reminded(proposal, ana_applicant, closing):
    partner = proposal.site.partners.get(kind="union")
    request_sign_off(proposal, partner, actor=ana_applicant, at=closing - timedelta(days=2))

    assert remind_signatories(at=closing - HOUR) == 0


def test_deadline_that_moves_has_a_reminder_of_its_own(asked, proposal, closing):
    remind_signatories(at=closing - BEFORE)
    Proposal.objects.filter(pk=proposal.pk).update(extended_until=closing + timedelta(days=4))

    assert [remind_signatories(at=closing + HOUR), remind_signatories(at=closing + timedelta(days=2))] == [0, 1]


def test_nobody_who_answered_is_reminded(asked, proposal):
    sha256 = signable(dossier_of(Proposal.objects.get(pk=proposal.pk)))
    sign(asked, name="Tomás Rivera", title="President", content_sha256=sha256, at=NOON)

    assert remind_signatories(at=NOON + AFTER) == 0


def test_nobody_who_declined_is_reminded(asked):
    decline(asked, name="Tomás Rivera", reason="No.", at=NOON)

    assert remind_signatories(at=NOON + AFTER) == 0


@pytest.mark.parametrize(
    ("state", "stamps"),
    [
        (ProposalState.WITHDRAWN, {"withdrawn_at": NOON}),
        (ProposalState.IN_REVIEW, {"submitted_at": NOON, "screened_at": NOON}),
    ],
)
def test_nobody_is_reminded_of_a_proposal_that_needs_no_signature(asked, proposal, state, stamps):
    Proposal.objects.filter(pk=proposal.pk).update(state=state, **stamps)

    assert remind_signatories(at=NOON + AFTER) == 0


def test_link_that_expired_or_cannot_be_repeated_is_not_sent_again(asked, proposal):
    Proposal.objects.filter(pk=proposal.pk).update(extended_until=NOON + timedelta(days=60))

    assert remind_signatories(at=asked.expires_at + SECOND) == 0
    SignOff.objects.update(token_digest="made with another key")
    assert remind_signatories(at=NOON + AFTER) == 0
    assert reminders() == 0
