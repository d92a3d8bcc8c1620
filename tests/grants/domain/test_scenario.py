"""Scenarios: copies of a draft, dockets side by side, and the one that is sent."""

from datetime import timedelta
from decimal import Decimal

import pytest

from grants.domain.docket_line import move_line_to
from grants.domain.queries.scenario import compare, of_round
from grants.domain.scenario import MOST_DRAFTS, copy_docket
from grants.enums import Decision, DocketState, PointKind, ProposalState
from grants.models import Docket, DocketAmount, DocketLine, FeedbackPoint, Proposal
from grants.workflow import DOCKET
from portal.activity.models import Entry
from tests.factories.dockets import DECIDED_AT, a_docket, a_reviewed_proposal, an_envelope, recommend
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
LATER = DECIDED_AT + timedelta(days=1)


@pytest.fixture
def round_(db):
    """A round with three proposals of one mark each, in the order of their names."""
    round_ = RoundFactory(name="Closing the Gaps 2027", envelope=Decimal("2500000.00"))
    for mark, name in ((5, "Harbor"), (4, "Prairie"), (3, "Piedmont")):
        a_reviewed_proposal(round_, site=a_site(name=f"{name} Promise"), marks=(mark,))
    return round_


@pytest.fixture
def docket(round_, omar_officer):
    return a_docket(round_, officer=omar_officer, title="Two sites, full ask")


def line_of(docket, name):
    return DocketLine.objects.select_related("docket__round", "proposal__site").get(
        docket=docket, proposal__site__name=f"{name} Promise"
    )


def scenario_of(docket, actor, title="Three sites, 60%"):
    return copy_docket(docket, title=title, actor=actor, at=LATER)


def test_scenario_starts_as_the_docket_stands(docket, omar_officer):
    recommend(
        line_of(docket, "Piedmont"),
        officer=omar_officer,
        decision=Decision.DECLINE,
        feedback="More on need.",
        conditions="Hire a coach.",
    )
    FeedbackPoint.objects.create(
        line=line_of(docket, "Piedmont"), kind=PointKind.STRENGTH, text="Clear goals.", position=1
    )
    move_line_to(line_of(docket, "Piedmont"), rank=1, actor=omar_officer, at=LATER)

    copy = scenario_of(docket, omar_officer)

    fields = ("rank", "proposal", "decision", "amount", "note", "conditions", "feedback")
    assert list(copy.lines.values_list(*fields)) == list(docket.lines.values_list(*fields))
    assert sum(each.amount for each in DocketAmount.objects.filter(line__docket=copy)) == sum(
        each.amount for each in DocketAmount.objects.filter(line__docket=docket)
    )
    assert line_of(copy, "Piedmont").points.get().text == "Clear goals."
    assert (copy.state, copy.copied_from, copy.prepared_by, copy.title) == (
        "draft", docket, omar_officer, "Three sites, 60%",
    )  # fmt: skip
    assert Entry.objects.of(copy).get().summary == (
        f"Copied from “Two sites, full ask” ({docket.reference}) with 3 proposals."
    )


def test_scenario_leaves_out_what_has_left_review(docket, omar_officer):
    Proposal.objects.filter(site__name="Harbor Promise").update(state=ProposalState.INELIGIBLE)

    copy = scenario_of(docket, omar_officer)

    assert list(copy.lines.values_list("rank", "proposal__site__name")) == [
        (1, "Prairie Promise"),
        (2, "Piedmont Promise"),
    ]


def test_scenario_by_a_director_is_refused(docket, dina_director):
    with refuses("Only program officers build dockets."):
        scenario_of(docket, dina_director)


@pytest.mark.parametrize("state", [DocketState.SENT, DocketState.APPROVED])
def test_scenario_of_a_docket_that_was_sent_is_refused(state, round_, omar_officer):
    docket = a_docket(round_, officer=omar_officer, state=state)

    with refuses(f"Only a draft can be copied. This docket is {docket.get_state_display().lower()}."):
        scenario_of(docket, omar_officer)


def test_scenarios_of_a_round_are_as_many_as_can_be_kept_apart(docket, omar_officer):
    for number in range(2, MOST_DRAFTS + 1):
        last = scenario_of(docket, omar_officer, f"Scenario {number}")

    with refuses(f"This round has {MOST_DRAFTS} drafts, as many as can be kept apart. Set one aside first."):
        scenario_of(docket, omar_officer)

    DOCKET.perform(last, "set_aside", actor=omar_officer, at=LATER)
    assert scenario_of(docket, omar_officer).state == "draft"


def test_sending_one_sets_the_other_drafts_of_its_round_aside(docket, omar_officer, dina_director):
    copy = scenario_of(docket, omar_officer)
    elsewhere = a_docket(a_reviewed_proposal().round, officer=omar_officer)

    DOCKET.perform(copy, "send", actor=omar_officer, at=LATER)

    assert dict(Docket.objects.values_list("pk", "state")) == {
        docket.pk: "set_aside", copy.pk: "sent", elsewhere.pk: "draft",
    }  # fmt: skip
    entry = Entry.objects.of(docket).first()
    assert (entry.verb, entry.facts["comment"]) == ("set_aside", f"{copy.reference} was sent instead.")


def test_sending_that_is_refused_sets_nothing_aside(docket, omar_officer):
    copy = scenario_of(docket, omar_officer)
    an_envelope(docket.round, Decimal("1000.00"))

    with pytest.raises(Exception, match="more than the envelope"):
        DOCKET.perform(copy, "send", actor=omar_officer, at=LATER)

    assert set(Docket.objects.values_list("state", flat=True)) == {"draft"}


# --- side by side ---


def test_comparison_shows_what_each_gives_and_marks_what_differs(docket, omar_officer):
    copy = scenario_of(docket, omar_officer)
    recommend(line_of(copy, "Harbor"), officer=omar_officer, yearly=Decimal("100000.00"))
    recommend(line_of(copy, "Prairie"), officer=omar_officer, decision=Decision.WAITLIST)
    copy.lines.filter(proposal__site__name="Piedmont Promise").delete()

    found = compare([docket, copy])

    assert [
        (row.proposal.site.name, [cell.differs for cell in row.cells], [cell.more for cell in row.cells])
        for row in found.rows
    ] == [
        ("Harbor Promise", [False, True], [0, Decimal("-700000.00")]),
        ("Prairie Promise", [False, True], [0, Decimal("-1200000.00")]),
        ("Piedmont Promise", [False, True], [0, 0]),
    ]
    assert [row.cells[1].line is None for row in found.rows] == [False, False, True]
    assert [row.cells[0].below_cut for row in found.rows] == [False, False, True]
    assert [(each.awards, each.committed, each.left) for each in found.columns] == [
        (2, Decimal("2400000.00"), Decimal("100000.00")),
        (1, Decimal("500000.00"), Decimal("2000000.00")),
    ]
    assert [(each.name, [amount for _, amount in each.amounts]) for each in found.years[:1]] == [
        ("Year 1 (2027-28)", [Decimal("480000.00"), Decimal("100000.00")])
    ]
    for sums in (found.years, found.components):
        assert [sum(each.amounts[place][1] for each in sums) for place in (0, 1)] == [
            Decimal("2400000.00"), Decimal("500000.00"),
        ]  # fmt: skip
    assert found.differing == 3


def test_comparison_of_equals_marks_nothing(docket, omar_officer):
    copy = scenario_of(docket, omar_officer)

    assert compare([docket, copy]).differing == 0
    assert of_round(docket.round) == [docket, copy]


@pytest.mark.parametrize("rows", [1, 30])
def test_comparison_takes_the_same_queries_for_any_number_of_lines(rows, omar_officer, django_assert_num_queries):
    round_ = RoundFactory(envelope=Decimal("99000000.00"), criteria=1)
    for _ in range(rows):
        a_reviewed_proposal(round_, marks=())
    dockets = [a_docket(round_, officer=omar_officer)]
    dockets.append(scenario_of(dockets[0], omar_officer))

    with django_assert_num_queries(5):
        assert len(compare(dockets).rows) == rows
