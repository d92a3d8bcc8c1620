"""Preparing dockets and changing their lines."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from grants.domain.docket import prepare_docket
from grants.domain.docket_line import add_line, change_line, move_line, remove_line
from grants.enums import Decision, DocketState, ProposalState
from grants.models import Docket, Proposal
from portal.activity.models import Entry
from portal.record import Stale
from tests.factories.awards import an_award
from tests.factories.dockets import DECIDED_AT, a_docket, a_reviewed_proposal, an_envelope, recommend, the_line
from tests.factories.proposals import ProposalFactory
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


# --- preparing ---


def test_docket_prepared_ranks_by_mean_and_awards_what_was_asked_while_the_envelope_reaches(round_, omar_officer):
    a_reviewed_proposal(round_, title="Third", marks=(2, 3))
    a_reviewed_proposal(round_, title="First", marks=(5, 4))
    a_reviewed_proposal(round_, title="Second", marks=(4,))
    a_reviewed_proposal(round_, title="Unread", marks=())
    an_envelope(round_, Decimal("2500000.00"))

    docket = prepare_docket(round_, actor=omar_officer, at=DECIDED_AT, title="Board docket")

    assert (docket.reference, docket.state, docket.prepared_by) == ("D-2027-0001", "draft", omar_officer)
    assert ranks(docket) == [
        (1, "First", "award", Decimal("1200000.00")),
        (2, "Second", "award", Decimal("1200000.00")),
        (3, "Third", "waitlist", Decimal("0.00")),
        (4, "Unread", "waitlist", Decimal("0.00")),
    ]
    assert Entry.objects.of(docket).get().summary == "Prepared the docket with 4 proposals."


def test_docket_prepared_keeps_what_was_asked_by_year_and_component(docket):
    line = the_line(docket)

    assert line.amounts.count() == 15
    assert sum(each.amount for each in line.amounts.all()) == Decimal("1200000.00")
    assert sum(each.amount for each in line.amounts.filter(year=3)) == Decimal("240000.00")


def test_docket_prepared_without_proposals_in_review_is_refused(omar_officer):
    round_ = ProposalFactory(state=ProposalState.SUBMITTED).round

    with refuses("No proposal of this round is in review, so there is nothing to put on a docket."):
        prepare_docket(round_, actor=omar_officer, at=DECIDED_AT, title="Board docket")


@pytest.mark.parametrize("who", ["dina_director", "fay_finance", "otto_auditor", "rita_reviewer", "ana_applicant"])
def test_docket_prepared_by_anybody_but_an_officer_is_refused(who, request, proposal):
    with refuses("Only program officers build dockets."):
        prepare_docket(proposal.round, actor=request.getfixturevalue(who), at=DECIDED_AT, title="Board docket")


# --- lines ---


def test_line_changed_sets_decision_amounts_and_texts(docket, omar_officer):
    line = the_line(docket)
    amounts = {(1, "collaboration"): Decimal("100000.00"), (1, "coherence"): Decimal("50000.50")}

    change_line(
        line,
        actor=omar_officer,
        at=LATER,
        version=docket.version,
        decision=Decision.AWARD,
        amounts=amounts,
        note="A smaller first year.",
        feedback="Congratulations.",
    )

    line = the_line(docket)
    assert (line.decision, line.amount) == ("award", Decimal("150000.50"))
    assert (line.note, line.feedback) == ("A smaller first year.", "Congratulations.")
    assert {(each.year, each.component_id): each.amount for each in line.amounts.all()} == amounts
    assert Docket.objects.get().version == docket.version + 1


def test_line_changed_to_the_waitlist_keeps_its_amounts_but_commits_nothing(docket, omar_officer):
    line = recommend(the_line(docket), officer=omar_officer, decision=Decision.WAITLIST)

    assert line.amount == 0
    assert line.amounts.count() == 15


def test_line_changed_meanwhile_is_stale(docket, omar_officer):
    line = the_line(docket)
    recommend(line, officer=omar_officer)

    with pytest.raises(Stale):
        change_line(
            line, actor=omar_officer, at=LATER, version=docket.version, decision=Decision.DECLINE, amounts={},
            note="", feedback="",
        )  # fmt: skip


def test_line_over_the_yearly_ceiling_is_refused_in_words(docket, omar_officer):
    with pytest.raises(ValidationError) as raised:
        recommend(the_line(docket), officer=omar_officer, yearly=Decimal("250000.01"))

    assert raised.value.message_dict == {
        f"amount_{year}_collaboration": [
            f"Harbor County Collaboration would get $250,000.01 in year {year} ({span}). "
            "That is $0.01 over the most it may hold in a year, $250,000."
        ]
        for year, span in enumerate(("2027-28", "2028-29", "2029-30", "2030-31", "2031-32"), 1)
    } | {
        "amounts": [
            "Harbor County Collaboration would get $1,250,000.05 in five years. "
            "That is $0.05 over the most it may hold in five years, $1,250,000."
        ]
    }


def test_line_over_what_the_site_may_still_hold_is_refused_in_words(docket, harbor, omar_officer):
    an_award(harbor, amounts=(Decimal("100000.00"), 0, 0, 0, 0), officer=omar_officer)

    with pytest.raises(ValidationError) as raised:
        recommend(the_line(docket), officer=omar_officer, yearly=Decimal("200000.00"))

    assert raised.value.message_dict == {
        "amount_1_collaboration": [
            "Harbor County Collaboration would get $200,000 in year 1 (2027-28) and already holds $100,000. "
            "That is $50,000 over the most it may hold in a year, $250,000."
        ]
    }


def test_line_exactly_at_the_ceilings_is_accepted(docket, omar_officer):
    assert recommend(the_line(docket), officer=omar_officer, yearly=FULL).amount == Decimal("1250000.00")


def test_line_moved_changes_places_with_its_neighbour(round_, omar_officer):
    first, second, third = (a_reviewed_proposal(round_, title=title) for title in ("First", "Second", "Third"))
    docket = a_docket(round_, officer=omar_officer)

    move_line(the_line(docket, third), up=True, actor=omar_officer, at=LATER)
    move_line(the_line(docket, first), up=False, actor=omar_officer, at=LATER)
    move_line(the_line(docket, second), up=False, actor=omar_officer, at=LATER)

    assert [row[:2] for row in ranks(docket)] == [(1, "Third"), (2, "First"), (3, "Second")]


def test_line_added_goes_last_on_the_waitlist_with_what_was_asked(docket, omar_officer):
    late = a_reviewed_proposal(docket.round, title="Late")

    line = add_line(docket, late, actor=omar_officer, at=LATER)

    assert (line.rank, line.decision, line.amount, line.amounts.count()) == (2, "waitlist", 0, 15)


def test_line_added_twice_is_refused(docket, proposal, omar_officer):
    with refuses(f"{proposal} cannot be added: it is on the docket already, or not in review."):
        add_line(docket, proposal, actor=omar_officer, at=LATER)


def test_line_removed_closes_the_gap(round_, omar_officer):
    for title in ("First", "Second", "Third"):
        a_reviewed_proposal(round_, title=title)
    docket = a_docket(round_, officer=omar_officer)

    remove_line(docket.lines.get(rank=2), actor=omar_officer, at=LATER)

    assert [row[:2] for row in ranks(docket)] == [(1, "First"), (2, "Third")]


CHANGES = {
    "change": lambda line, actor: recommend(line, officer=actor),
    "move": lambda line, actor: move_line(line, up=True, actor=actor, at=LATER),
    "remove": lambda line, actor: remove_line(line, actor=actor, at=LATER),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    ("state", "words"),
    [(DocketState.SENT, "with the director"), (DocketState.APPROVED, "approved"), (DocketState.ANNOUNCED, "announced")],
)
def test_line_of_a_docket_that_is_no_draft_cannot_be_changed(change, state, words, proposal, omar_officer):
    docket = a_docket(proposal.round, officer=omar_officer, state=state)

    with refuses(f"This docket cannot be changed now. It is {words}."):
        CHANGES[change](the_line(docket), omar_officer)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("who", ["dina_director", "otto_auditor", "rita_reviewer"])
def test_line_changed_by_anybody_but_an_officer_is_refused(change, who, request, docket):
    with refuses("Only program officers build dockets."):
        CHANGES[change](the_line(docket), request.getfixturevalue(who))
