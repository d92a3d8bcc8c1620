"""Sending, returning, approving and announcing a docket, and what hinders each step."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from grants.domain.docket import make_awards
from grants.domain.queries.docket import missing_to_send, table
from grants.domain.queries.proposal_state import applicant_history, applicant_state, stored_states
from grants.domain.queries.verdict import obstacles_to_approving
from grants.domain.verdict import agree_to_rest
from grants.enums import AwardState, Decision, DocketState, ProposalState
from grants.models import Award, Docket, DocketLine, Proposal, SiteCommitment
from grants.workflow import DOCKET, PROPOSAL
from portal.access import Refused
from portal.accounts.enums import Role
from portal.mail.models import Message
from tests.factories.accounts import UserFactory
from tests.factories.awards import an_award
from tests.factories.dockets import DECIDED_AT, a_docket, a_reviewed_proposal, an_envelope, recommend, the_line
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
LATER = DECIDED_AT + timedelta(days=1)
FULL = Decimal("250000.00")


@pytest.fixture
def harbor(lea_site_lead):
    return a_site(lead=lea_site_lead, name="Harbor County Collaboration")


@pytest.fixture
def round_(db):
    return RoundFactory(name="Closing the Gaps 2027")


@pytest.fixture
def proposal(round_, harbor):
    return a_reviewed_proposal(round_, site=harbor, title="Every School, Every Family")


@pytest.fixture
def docket(proposal, omar_officer, dina_director):
    return a_docket(proposal.round, officer=omar_officer)


def ranks(docket):
    return list(docket.lines.values_list("rank", "proposal__title", "decision", "amount"))


def states():
    return list(Proposal.objects.order_by("pk").values_list("state", flat=True))


# --- steps ---

# What each step makes of each state for whoever may take it; "no" is a refusal.
GRID = {
    "send": {"draft": "sent", "sent": "no", "approved": "no", "announced": "no", "set_aside": "no"},
    "set_aside": {"draft": "set_aside", "sent": "no", "approved": "no", "announced": "no", "set_aside": "no"},
    "take_up_again": {"draft": "no", "sent": "no", "approved": "no", "announced": "no", "set_aside": "draft"},
    "return": {"draft": "no", "sent": "draft", "approved": "no", "announced": "no", "set_aside": "no"},
    "approve": {"draft": "no", "sent": "approved", "approved": "no", "announced": "no", "set_aside": "no"},
    "announce": {"draft": "no", "sent": "no", "approved": "announced", "announced": "no", "set_aside": "no"},
}


@pytest.mark.parametrize(("step", "state"), [(step, state) for step, row in GRID.items() for state in row])
def test_docket_step_from_each_state(step, state, proposal, omar_officer, dina_director):
    docket = a_docket(proposal.round, officer=omar_officer, state=state)
    if state == DocketState.SENT:
        agree_to_rest(docket, actor=dina_director, at=LATER)
    actor = dina_director if step in {"return", "approve"} else omar_officer
    wanted = GRID[step][state]

    if wanted == "no":
        with pytest.raises(Refused, match="is not possible now"):
            DOCKET.perform(docket, step, actor=actor, at=LATER, comment="Because.")
    else:
        assert DOCKET.perform(docket, step, actor=actor, at=LATER, comment="Because.").state == wanted


def test_docket_grid_names_every_step_and_state():
    assert set(GRID) == set(DOCKET.by_name)
    assert all(set(row) == set(DocketState.values) for row in GRID.values())


@pytest.mark.parametrize("step", ["return", "approve"])
@pytest.mark.parametrize("who", ["omar_officer", "fay_finance", "otto_auditor", "ada_admin", "rita_reviewer"])
def test_docket_decided_on_by_anybody_but_a_director_is_refused(step, who, request, proposal):
    docket = a_docket(proposal.round, state=DocketState.SENT)

    with refuses("Only a director approves a docket."):
        DOCKET.perform(docket, step, actor=request.getfixturevalue(who), at=LATER, comment="Because.")


@pytest.mark.parametrize("part", ["prepared_by", "sent_by"])
@pytest.mark.parametrize("step", ["return", "approve"])
def test_docket_decided_on_by_a_director_who_recommended_it_is_refused(part, step, proposal):
    both = UserFactory(roles=[Role.OFFICER, Role.DIRECTOR])
    docket = a_docket(proposal.round, state=DocketState.SENT)
    Docket.objects.update(**{part: both})

    with refuses("You recommended this docket, so another director has to decide on it."):
        DOCKET.perform(docket, step, actor=both, at=LATER, comment="Because.")


@pytest.mark.parametrize(
    ("step", "text"),
    [("send", "Only program officers build dockets."), ("announce", "Only program officers announce decisions.")],
)
def test_docket_step_of_officers_by_a_director_is_refused(step, text, docket, dina_director):
    with refuses(text):
        DOCKET.perform(docket, step, actor=dina_director, at=LATER)


def approved(docket, director):
    """The docket with every line agreed to, approved."""
    agree_to_rest(docket, actor=director, at=LATER)
    return DOCKET.perform(docket, "approve", actor=director, at=LATER)


def three_lines(round_, officer):
    """A draft with an award, a place on the waitlist and a decline, in this order."""
    _, waitlist, decline = (a_reviewed_proposal(round_, marks=(mark,)) for mark in (5, 4, 3))
    docket = a_docket(round_, officer=officer)
    recommend(the_line(docket, waitlist), officer=officer, decision=Decision.WAITLIST)
    recommend(the_line(docket, decline), officer=officer, decision=Decision.DECLINE, feedback="Say more on need.")
    return docket


def test_docket_sent_recommends_or_passes_over_and_tells_the_directors(round_, omar_officer, dina_director):
    docket = three_lines(round_, omar_officer)

    docket = DOCKET.perform(docket, "send", actor=omar_officer, at=LATER)

    assert states() == ["recommended", "not_recommended", "not_recommended"]
    assert (docket.sent_by, docket.sent_at) == (omar_officer, LATER)
    message = Message.objects.get(template="docket_sent")
    assert (message.to, message.subject) == (
        dina_director.email,
        "The docket “Board docket, 15 Feb” is waiting for your decision",
    )


def test_docket_sent_is_a_secret_to_the_team(round_, omar_officer, lea_site_lead):
    docket = three_lines(round_, omar_officer)
    DOCKET.perform(docket, "send", actor=omar_officer, at=LATER)

    for proposal in Proposal.objects.all():
        assert applicant_state(proposal) == ProposalState.IN_REVIEW
        assert [entry.verb for entry in applicant_history(proposal)] == []
        with refuses(f"“Withdraw” is not possible now: {proposal} is in review."):
            PROPOSAL.perform(proposal, "withdraw", actor=proposal.site.seats.get().holder, at=LATER, comment="No.")


def test_states_a_team_reads_as_in_review_are_three():
    assert stored_states("in_review") == ["in_review", "recommended", "not_recommended"]
    assert stored_states("recommended") == []
    assert stored_states("draft") == ["draft"]


def test_docket_returned_puts_the_proposals_back_and_tells_the_sender(round_, omar_officer, dina_director):
    docket = three_lines(round_, omar_officer)
    docket = DOCKET.perform(docket, "send", actor=omar_officer, at=LATER)

    docket = DOCKET.perform(docket, "return", actor=dina_director, at=LATER, comment="Rank 2 needs a note.")

    assert states() == ["in_review", "in_review", "in_review"]
    assert (docket.sent_by, docket.sent_at, docket.return_reason) == (None, None, "Rank 2 needs a note.")
    message = Message.objects.get(template="docket_returned")
    assert message.to == omar_officer.email
    assert "Rank 2 needs a note." in message.text


def test_docket_approved_makes_awards_which_no_team_sees(round_, omar_officer, dina_director):
    docket = three_lines(round_, omar_officer)
    docket = DOCKET.perform(docket, "send", actor=omar_officer, at=LATER)

    docket = approved(docket, dina_director)

    award = Award.objects.get()
    assert (award.amount, award.state, award.recommended_by, award.approved_by) == (
        Decimal("1200000.00"), "approved", omar_officer, dina_director,
    )  # fmt: skip
    assert states() == ["recommended", "not_recommended", "not_recommended"]
    assert not Award.objects.visible_to(award.site.seats.get().holder).exists()
    assert (docket.approved_by, docket.approved_at) == (dina_director, LATER)


def test_docket_announced_decides_offers_and_writes_to_every_team(round_, omar_officer, dina_director):
    docket = three_lines(round_, omar_officer)
    docket = DOCKET.perform(docket, "send", actor=omar_officer, at=LATER)
    docket = approved(docket, dina_director)

    docket = DOCKET.perform(docket, "announce", actor=omar_officer, at=LATER)

    assert states() == ["awarded", "waitlisted", "declined"]
    assert Award.objects.get().state == AwardState.OFFERED
    letters = {each.to: each for each in Message.objects.filter(template="letter")}
    holders = {each.state: each.site.seats.get().holder.email for each in Proposal.objects.all()}
    assert set(letters) == set(holders.values())
    assert "$1,200,000" in letters[holders["awarded"]].text
    assert "Say more on need." in letters[holders["declined"]].text


def test_letter_without_a_lead_goes_to_the_whole_team(docket, harbor, omar_officer, dina_director, ben_colleague):
    harbor.seats.update(ended_at=LATER)
    harbor.seats.create(holder=ben_colleague, role="contributor")
    DOCKET.perform(docket, "send", actor=omar_officer, at=LATER)
    approved(docket, dina_director)
    DOCKET.perform(docket, "announce", actor=omar_officer, at=LATER)

    assert Message.objects.get(template="letter").to == ben_colleague.email


# --- what hinders ---


def test_docket_without_lines_cannot_be_sent(docket):
    docket.lines.all().delete()

    assert missing_to_send(docket) == ["Put at least one proposal on the docket."]


def test_docket_says_what_is_missing_line_by_line(round_, omar_officer):
    gone = a_reviewed_proposal(round_, site=a_site(name="Gone Promise"))
    poor = a_reviewed_proposal(round_, site=a_site(name="Poor Promise"))
    agentless = a_reviewed_proposal(round_, site=a_site(name="Agentless Promise"))
    silent = a_reviewed_proposal(round_, site=a_site(name="Silent Promise"))
    docket = a_docket(round_, officer=omar_officer)
    recommend(the_line(docket, poor), officer=omar_officer, yearly=Decimal(0))
    recommend(the_line(docket, silent), officer=omar_officer, decision=Decision.DECLINE, feedback=" ")
    agentless.site.fiscal_agent = None
    agentless.site.save(update_fields=["fiscal_agent"])
    PROPOSAL.perform(gone, "withdraw", actor=gone.site.seats.get().holder, at=LATER, comment="We merged.")

    assert missing_to_send(docket) == [
        "Take Gone Promise off the docket: its proposal is withdrawn.",
        "Say how much Poor Promise should get.",
        "Agentless Promise has not chosen a fiscal agent yet, so there is nobody to pay.",
        "Write what Silent Promise is told: a decline carries feedback the team can use.",
    ]


def test_docket_over_the_envelope_cannot_be_sent_or_approved(round_, omar_officer, dina_director):
    a_reviewed_proposal(round_)
    docket = a_docket(round_, officer=omar_officer)
    text = "This docket commits $1,200,000. That is $200,000 more than the envelope of $1,000,000."
    an_envelope(round_, Decimal("1000000.00"))
    docket.refresh_from_db()
    assert missing_to_send(docket) == [text]

    an_envelope(round_, Decimal("2000000.00"))
    docket.refresh_from_db()
    docket = DOCKET.perform(docket, "send", actor=omar_officer, at=LATER)
    agree_to_rest(docket, actor=dina_director, at=LATER)
    an_envelope(round_, Decimal("1000000.00"))

    with refuses(text):
        DOCKET.perform(docket, "approve", actor=dina_director, at=LATER)


def test_envelope_counts_what_other_dockets_of_the_round_awarded(round_, omar_officer, dina_director):
    a_reviewed_proposal(round_)
    a_docket(round_, officer=omar_officer, director=dina_director, state=DocketState.APPROVED)
    a_reviewed_proposal(round_)
    an_envelope(round_, Decimal("2000000.00"))
    second = a_docket(round_, officer=omar_officer)
    assert ranks(second)[0][2] == "waitlist"

    recommend(the_line(second), officer=omar_officer)

    assert missing_to_send(second) == [
        "This docket commits $1,200,000, and $1,200,000 of the round is already awarded. "
        "That is $400,000 more than the envelope of $2,000,000."
    ]


def test_docket_on_two_ways_at_once_is_sent_once(proposal, omar_officer):
    first = a_docket(proposal.round, officer=omar_officer)
    second = a_docket(proposal.round, officer=omar_officer)
    DOCKET.perform(first, "send", actor=omar_officer, at=LATER)

    with refuses("“Send to the director” is not possible now: Board docket, 15 Feb is not chosen."):
        DOCKET.perform(second, "send", actor=omar_officer, at=LATER)
    DOCKET.perform(second, "take_up_again", actor=omar_officer, at=LATER)
    with refuses("Take Harbor County Collaboration off the docket: its proposal is recommended."):
        DOCKET.perform(second, "send", actor=omar_officer, at=LATER)


# --- all or nothing ---


@pytest.fixture
def two_awards(round_, harbor, omar_officer, dina_director):
    """A sent docket with two awards; another award has since filled the second site's third year."""
    a_reviewed_proposal(round_, site=a_site(name="Three Rivers Promise"), marks=(5,))
    a_reviewed_proposal(round_, site=harbor, marks=(4,))
    docket = a_docket(round_, officer=omar_officer, state=DocketState.SENT)
    agree_to_rest(docket, actor=dina_director, at=LATER)
    an_award(harbor, amounts=(0, 0, FULL, 0, 0), officer=omar_officer)
    return docket


def test_docket_with_a_site_that_has_become_full_cannot_be_approved(two_awards, dina_director):
    text = (
        "Harbor County Collaboration would get $240,000 in year 3 (2029-30) and already holds $250,000. "
        "That is $240,000 over the most it may hold in a year, $250,000."
    )
    five = (
        "Harbor County Collaboration would get $1,200,000 in five years and already holds $250,000. "
        "That is $200,000 over the most it may hold in five years, $1,250,000."
    )

    assert obstacles_to_approving(two_awards) == [text, five]
    with refuses(f"{text} {five}"):
        DOCKET.perform(two_awards, "approve", actor=dina_director, at=LATER)


def test_awards_made_past_the_checks_are_all_taken_back_when_one_is_refused(two_awards, dina_director):
    before = (Award.objects.count(), list(SiteCommitment.objects.values_list("site", "school_year", "amount")))

    # The blockers ran before another award was made: the locks and the ledger have the last word.
    with pytest.raises(Refused) as raised, transaction.atomic():
        make_awards(two_awards, actor=dina_director, at=LATER, comment="")

    assert "Harbor County Collaboration would hold $490,000 in 2029-30." in str(raised.value)
    assert before == (
        Award.objects.count(), list(SiteCommitment.objects.values_list("site", "school_year", "amount")),
    )  # fmt: skip
    assert set(DocketLine.objects.filter(docket=two_awards).values_list("award", flat=True)) == {None}


def test_docket_table_once_approved_does_not_count_its_own_awards_twice(docket, omar_officer, dina_director):
    with_room_for_one_only = SiteCommitment.objects.filter(ceiling__lt=2 * the_line(docket).amount / 5)
    for step, actor in (("send", omar_officer), ("approve", dina_director), ("announce", omar_officer)):
        if step == "approve":
            agree_to_rest(docket, actor=actor, at=LATER)
        docket = DOCKET.perform(docket, step, actor=actor, at=LATER)
        (row,) = table(docket).rows
        assert row.excesses == (), step

    assert with_room_for_one_only.count() == 5
