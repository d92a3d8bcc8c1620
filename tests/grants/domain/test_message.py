"""Messages about a proposal: written once, mailed to the other side, waiting until answered, kept for good."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from grants.domain.content import build
from grants.domain.message import LONGEST, settle, write_message
from grants.domain.queries.message import count_messages, messages_of, officers_of, thread
from grants.domain.queries.todo_message import changes_overdue, messages_to_answer
from grants.enums import ProposalState
from grants.models import TeamMessage
from grants.workflow import PROPOSAL
from portal import clock
from portal.activity.models import Entry
from portal.activity.triggers import REFUSAL
from portal.mail.models import Message
from tests.conftest import NOON
from tests.factories.proposals import CHANGES_DUE, ProposalFactory, ask
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def proposal(ana_applicant, ben_colleague):
    return ProposalFactory(
        site=a_site(ana_applicant, finance=[ben_colleague], name="Harbor Promise"), title="Every child"
    )


def write(proposal, actor, text="Who signs for the union?", *, at=NOON, key=None):
    return write_message(proposal, text, actor=actor, at=at, key=key or uuid4().hex)


# --- writing ---


def test_message_of_an_officer_is_mailed_to_everybody_who_may_act(proposal, ana_applicant, ben_colleague, omar_officer):
    message = write(proposal, omar_officer, "First paragraph.\r\n\r\nSecond   one. \n")

    assert message.text == "First paragraph.\n\nSecond   one."
    assert (message.from_foundation, message.author, message.sent_at, message.settled_at) == (
        True, omar_officer, NOON, None,
    )  # fmt: skip
    mails = Message.objects.filter(template="team_message").order_by("to")
    assert [each.to for each in mails] == [ana_applicant.email, ben_colleague.email]
    assert mails[0].subject == "Omar Officer wrote to you: Every child"
    assert "First paragraph.\n\nSecond   one." in mails[0].text
    assert f"/proposals/{proposal.reference}/messages/" in mails[0].text
    assert Entry.objects.of(proposal).get().summary == "Message from Omar Officer to the team."


def test_message_of_a_team_is_mailed_to_the_officers_of_the_round(proposal, ben_colleague, omar_officer, olga_officer):
    write(proposal, omar_officer)

    message = write(proposal, ben_colleague, "Tomás Rivera does.", at=NOON + HOUR)

    assert message.from_foundation is False
    mail = Message.objects.get(template="message_from_team")
    assert (mail.to, mail.subject) == (
        omar_officer.email,
        f"Harbor Promise wrote about {proposal.reference}: Every child",
    )


def test_message_reaches_every_officer_when_nobody_knows_the_proposal(proposal, omar_officer, olga_officer):
    assert officers_of(proposal) == [omar_officer, olga_officer]
    round_ = RoundFactory(created_by=olga_officer)
    assert officers_of(ProposalFactory(round=round_)) == [olga_officer]


def test_message_goes_to_whoever_asked_for_changes(omar_officer, olga_officer):
    returned = ProposalFactory(state=ProposalState.RETURNED, asked=["need"])
    returned.change_requests.update(closed_at=CHANGES_DUE)
    ask(returned, "budget", asked_by=omar_officer)

    assert officers_of(returned) == [omar_officer]


@pytest.mark.parametrize(
    ("text", "sentence"), [(" \n", "Write your message first."), ("x" * (LONGEST + 1), "Shorten this")]
)
def test_message_empty_or_endless_is_refused_beside_its_field(proposal, ana_applicant, text, sentence):
    with pytest.raises(ValidationError, match=sentence) as raised:
        write(proposal, ana_applicant, text)
    assert list(raised.value.error_dict) == ["text"]


def test_message_as_long_as_allowed_is_kept_whole(proposal, ana_applicant, omar_officer):
    text = "\n\n".join(["A long paragraph. " * 50] * 20).strip()

    assert write(proposal, ana_applicant, text).text == "\n\n".join([("A long paragraph. " * 50).rstrip()] * 20)


def test_message_from_who_may_only_read_is_refused(proposal, dina_director, sam_stranger):
    site = a_site(viewers=[sam_stranger])
    with refuses("Only program officers write to a team; you can read what was written."):
        write(proposal, dina_director)
    with refuses("You can read these messages. To write here you need a lead, contributor or finance seat."):
        write(ProposalFactory(site=site), sam_stranger)


def test_message_sent_twice_by_one_form_is_one(proposal, ana_applicant, omar_officer):
    first = write(proposal, ana_applicant, key=KEY)

    assert write(proposal, ana_applicant, key=KEY, at=NOON + HOUR) == first
    assert write(proposal, ana_applicant, "Another text of the same page", key=KEY) != first
    assert write(ProposalFactory(site=proposal.site), ana_applicant, key=KEY) != first
    assert Message.objects.filter(template="message_from_team").count() == 3


# --- waiting, answered, settled ---


def test_message_waits_until_the_other_side_answers(proposal, ana_applicant, omar_officer):
    write(proposal, omar_officer)
    write(proposal, omar_officer, "And by when?", at=NOON + HOUR)
    assert (count_messages(proposal, foundation=False), count_messages(proposal, foundation=True)) == ((2, 2), (2, 0))

    answer = write(proposal, ana_applicant, "Tomás, by Friday.", at=NOON + 2 * HOUR)

    assert (count_messages(proposal, foundation=False), count_messages(proposal, foundation=True)) == ((3, 0), (3, 1))
    asked = messages_of(proposal).exclude(pk=answer.pk)
    assert [(each.settled_by, each.answered) for each in asked] == [(ana_applicant, True)] * 2


def test_message_that_needs_no_answer_is_settled_by_the_side_it_waits_for(proposal, ana_applicant, omar_officer):
    message = write(proposal, ana_applicant, "Thank you!")
    with refuses("This message waits for the other side, so only they can say that it needs no answer."):
        settle(message, actor=ana_applicant, at=NOON)

    settle(message, actor=omar_officer, at=NOON + HOUR)
    settle(message, actor=omar_officer, at=NOON + 2 * HOUR)

    row = messages_of(proposal).get()
    assert (row.settled_by, row.settled_at, row.answered) == (omar_officer, NOON + HOUR, False)
    assert Entry.objects.of(proposal).filter(verb="settle_message").count() == 1


@pytest.mark.parametrize("change", [{"text": "Nothing"}, {"from_foundation": True}, {"sent_at": CHANGES_DUE}])
def test_message_changed_later_is_refused_by_the_database(proposal, ana_applicant, change):
    message = write(proposal, ana_applicant)

    with pytest.raises(IntegrityError, match=REFUSAL), transaction.atomic():
        TeamMessage.objects.filter(pk=message.pk).update(**change)
    with pytest.raises(IntegrityError, match=REFUSAL), transaction.atomic():
        message.delete()


def test_message_is_settled_once_and_for_good(proposal, ana_applicant, omar_officer):
    message = write(proposal, ana_applicant)
    settle(message, actor=omar_officer, at=NOON)

    with pytest.raises(IntegrityError, match=REFUSAL), transaction.atomic():
        TeamMessage.objects.filter(pk=message.pk).update(settled_at=None, settled_by=None)


# --- the thread and the homes ---


def test_thread_tells_what_happened_between_the_messages_but_no_recommendation(
    ana_applicant, omar_officer, dina_director
):
    proposal = ProposalFactory(site=a_site(ana_applicant), state=ProposalState.SUBMITTED)
    late = proposal.round.closes_at + HOUR
    write(proposal, ana_applicant, at=NOON)
    with clock.at(late):
        row = PROPOSAL.perform(proposal, "screen_in", actor=omar_officer, at=late)
        PROPOSAL.perform(row, "recommend", actor=omar_officer, at=late + HOUR)
    write(proposal, omar_officer, at=late + 2 * HOUR)

    rows = list(messages_of(proposal).order_by("-sent_at"))
    items = thread(proposal, rows, whole=True, newest=True)

    assert [each.message.author.name if each.message else each.event for each in items] == [
        "Omar Officer", "Eligible, sent to review", "Ana Applicant",
    ]  # fmt: skip
    assert thread(proposal, rows[1:], whole=True, newest=False) == [items[2]]


def test_messages_are_no_part_of_what_reviewers_read(proposal, ana_applicant):
    before = build(proposal)
    write(proposal, ana_applicant, "We are Harbor Promise.")

    assert build(proposal) == before


def test_homes_name_messages_to_answer(proposal, ana_applicant, ben_colleague, omar_officer, dina_director):
    write(proposal, omar_officer)
    assert [(each.text, each.about) for each in messages_to_answer(ben_colleague, NOON)] == [
        ("Answer the message of the foundation", "Every child")
    ]
    assert list(messages_to_answer(omar_officer, NOON)) == []

    write(proposal, ana_applicant)
    write(proposal, ana_applicant, "And one more thing.")

    assert [each.text for each in messages_to_answer(omar_officer, NOON)] == ["Answer 2 messages of the team"]
    assert list(messages_to_answer(dina_director, NOON)) == list(messages_to_answer(ana_applicant, NOON)) == []


def test_home_of_an_officer_names_changes_that_were_due(omar_officer, ana_applicant):
    returned = ProposalFactory(state=ProposalState.RETURNED)

    assert (
        list(changes_overdue(omar_officer, CHANGES_DUE))
        == list(changes_overdue(ana_applicant, CHANGES_DUE + HOUR))
        == []
    )
    assert [(each.about, each.due) for each in changes_overdue(omar_officer, CHANGES_DUE + HOUR)] == [
        (str(returned), CHANGES_DUE)
    ]


def test_homes_cost_the_same_at_one_and_thirty(django_assert_num_queries, ana_applicant, omar_officer):
    site = a_site(ana_applicant)
    for _ in range(30):
        write(ProposalFactory(site=site), ana_applicant)
        ProposalFactory(state=ProposalState.RETURNED, submission=False)
    assert omar_officer.roles
    assert not omar_officer.seat_roles

    with django_assert_num_queries(1):
        assert len(list(messages_to_answer(omar_officer, NOON))) == 10
    with django_assert_num_queries(1):
        assert len(list(changes_overdue(omar_officer, CHANGES_DUE + HOUR))) == 10


def test_public_id_is_not_the_key_of_the_form(proposal, ana_applicant):
    """The key of a form never names a row, so that nobody can guess or take another's."""
    assert write(proposal, ana_applicant, key=KEY).public_id != UUID(KEY)
