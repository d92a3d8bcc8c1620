"""The review matrix: figures of a round, what counts, what a discussion changes, order, and the file."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from grants.domain.matrix import export_matrix
from grants.domain.queries.matrix import any_discussion, chosen, figures_of, reviewers_of, rows_of
from grants.domain.queries.matrix_figures import figures_from
from grants.domain.queries.matrix_standings import ranked
from grants.domain.queries.scores import Mark
from grants.domain.queries.side_by_side import side_by_side
from grants.enums import ProposalState, ReviewKind, ReviewState
from grants.models import Proposal, Review
from grants.workflow import REVIEW
from portal.accounts.enums import Role
from portal.activity.models import Entry
from tests.factories.accounts import UserFactory
from tests.factories.discussions import OPENED_AT, a_discussion, scored_again
from tests.factories.proposals import ProposalFactory
from tests.factories.reviews import REVIEWED_AT, a_review
from tests.factories.rounds import RoundFactory
from tests.refusals import refuses

LATER = REVIEWED_AT + timedelta(days=1)


# --- the arithmetic, without a database ---


@pytest.mark.once
def test_ranks_of_equal_values_are_shared_and_the_next_ones_passed_over():
    assert ranked({"a": 3.0, "b": 4.0, "c": 4.0 + 1e-12, "d": 1.0}) == {"b": 1, "c": 1, "a": 3, "d": 4}


def marks(**by_reviewer):
    """`rita={"harbor": "4"}` as marks by a running number."""
    return dict(
        enumerate(
            Mark(reviewer, proposal, Decimal(value))
            for reviewer, values in by_reviewer.items()
            for proposal, value in values.items()
        )
    )


@pytest.mark.once
def test_figures_tell_a_good_proposal_from_a_lenient_reviewer():
    # Rolf gives a point less than Rita, Ruth a point more; harbor is truly best, prairie read by the lenient looks it.
    found = figures_from(
        marks(
            rita={"harbor": "4", "rivers": "3"},
            rolf={"harbor": "3", "rivers": "2"},
            ruth={"rivers": "4", "prairie": "4.5"},
        ),
        [],
        top_score=5,
    )

    assert [found.proposals["prairie"].ranks[each] for each in ("weighted", "adjusted")] == [1, 2]
    assert [found.proposals["harbor"].ranks[each] for each in ("weighted", "adjusted")] == [2, 1]
    assert {key: round(each.leniency, 6) for key, each in found.reviewers.items()} == {"rita": 0, "rolf": -1, "ruth": 1}


@pytest.mark.once
def test_figures_of_groups_that_share_no_reviewer_rank_within_each():
    found = figures_from(
        marks(rita={"harbor": "4", "rivers": "3"}, rolf={"prairie": "2", "lakes": "5"}), [], top_score=5
    )

    assert found.parts == 2
    assert {key: each.ranks["adjusted"] for key, each in found.proposals.items()} == {
        "harbor": 1, "rivers": 2, "prairie": 2, "lakes": 1,
    }  # fmt: skip


@pytest.mark.once
def test_raw_mean_takes_every_score_the_same_and_agreement_each_criterion_by_itself():
    given = marks(rita={"harbor": "4", "rivers": "2"}, rolf={"harbor": "4", "rivers": "3"})
    # Criterion 1 is agreed on, criterion 2 is not; the points of an unknown review are passed over.
    points = [(0, 1, 5), (0, 2, 1), (1, 1, 2), (1, 2, 3), (2, 1, 5), (2, 2, 3), (3, 1, 2), (3, 2, 1), (99, 1, 1)]

    found = figures_from(given, points, top_score=5)

    assert {key: each.values["raw"] for key, each in found.proposals.items()} == {"harbor": 3.5, "rivers": 2.0}
    assert found.criteria[1].alpha == pytest.approx(1.0)
    assert found.criteria[2].alpha < 0


@pytest.mark.once
def test_figures_of_nothing_are_undefined():
    found = figures_from({}, [], top_score=5)

    assert (dict(found.proposals), found.reviewers, found.parts, found.overall.alpha) == ({}, {}, 0, None)


@pytest.mark.once
def test_reviewer_without_a_degree_of_freedom_is_not_called_lenient():
    found = figures_from(marks(rita={"harbor": "5"}, rolf={"harbor": "1"}), [], top_score=5)

    assert [each.stands_out for each in found.reviewers.values()] == [False, False]


# --- what counts ---


@pytest.fixture
def round_(db):
    return RoundFactory(reviews_per_proposal=2)


@pytest.fixture
def cast(db):
    return [UserFactory(name=name, roles=[Role.REVIEWER]) for name in ("Rita", "Rolf")]


def in_review(round_, **fields):
    return ProposalFactory(round=round_, state=ProposalState.IN_REVIEW, **fields)


def test_figures_count_submitted_real_reviews_only(round_, cast):
    proposal = in_review(round_)
    a_review(proposal, cast[0], points=[5, 4, 2])
    a_review(proposal, cast[1], state=ReviewState.IN_PROGRESS)
    a_review(in_review(RoundFactory()), cast[1], points=1)

    found = figures_of(round_).proposals[proposal.pk]

    # Weights 1, 2, 3: (5 + 8 + 6) / 6; without them (5 + 4 + 2) / 3.
    assert (found.marks, found.values["weighted"]) == (1, pytest.approx(3.167))
    assert found.values["raw"] == pytest.approx(11 / 3)
    assert ReviewKind.CALIBRATION not in Review.objects.real().values_list("kind", flat=True)


def test_matrix_shows_screened_proposals_without_a_mark_last(round_, cast):
    first, second, third = in_review(round_), in_review(round_), in_review(round_)
    ProposalFactory(round=round_, state=ProposalState.SUBMITTED)
    a_review(second, cast[0], points=2)
    a_review(third, cast[0], points=4)
    figures = figures_of(round_)

    assert chosen(round_, figures, shown="", sort="-weighted") == [third.pk, second.pk, first.pk]
    assert chosen(round_, figures, shown="", sort="weighted") == [second.pk, third.pk, first.pk]
    assert chosen(round_, figures, shown="", sort="proposal") == [first.pk, second.pk, third.pk]
    assert chosen(round_, figures, shown="few", sort="-proposal") == [third.pk, second.pk, first.pk]


def test_matrix_narrowed_to_disagreement_and_discussion(round_, cast):
    calm, split = in_review(round_), in_review(round_)
    for proposal, points in ((calm, (4, 4)), (split, (5, 2))):
        for reviewer, given in zip(cast, points, strict=True):
            a_review(proposal, reviewer, points=given)
    a_discussion(calm)
    figures = figures_of(round_)

    assert chosen(round_, figures, shown="split", sort="proposal") == [split.pk]
    assert chosen(round_, figures, shown="discussed", sort="proposal") == [calm.pk]
    assert any_discussion(round_)


def test_withdrawn_proposal_with_a_mark_stays_in_the_matrix(round_, cast):
    proposal = in_review(round_)
    a_review(proposal, cast[0])
    Proposal.objects.filter(pk=proposal.pk).update(state=ProposalState.WITHDRAWN, withdrawn_at=LATER)

    assert chosen(round_, figures_of(round_), shown="", sort="proposal") == [proposal.pk]


def test_cells_stand_under_their_reviewer_in_the_order_of_names(round_, cast):
    first, second = in_review(round_), in_review(round_)
    a_review(first, cast[1], points=3)
    a_review(second, cast[0], points=5)
    a_review(second, cast[1], state=ReviewState.RECUSED)

    columns, rows = rows_of(figures_of(round_), [first.pk, second.pk], before=False)

    assert columns == cast
    assert [[cell and cell.mark for cell in row.cells] for row in rows] == [[None, 3.0], [5.0, None]]
    assert [row.assigned for row in rows] == [1, 1]


def test_reviewers_without_a_submitted_review_come_last(round_, cast):
    a_review(in_review(round_), cast[1])
    a_review(in_review(round_), cast[0], state=ReviewState.ASSIGNED)

    found = reviewers_of(figures_of(round_), round_)

    assert [(str(each.person), each.figures and each.figures.marks) for each in found] == [("Rolf", 1), ("Rita", None)]


# --- before and after a discussion ---


@pytest.fixture
def discussed(round_, cast):
    proposal = in_review(round_)
    reviews = [a_review(proposal, reviewer, points=points) for reviewer, points in zip(cast, (5, 2), strict=True)]
    a_discussion(proposal)
    return proposal, reviews


def test_mark_after_a_discussion_counts_and_the_one_before_is_kept_beside_it(round_, discussed):
    proposal, (_, low) = discussed
    scored_again(low, 4)

    latest, before = figures_of(round_), figures_of(round_, before=True)
    cell = rows_of(latest, [proposal.pk], before=False)[1][0].cells[1]

    assert (latest.proposals[proposal.pk].values["weighted"], before.proposals[proposal.pk].values["weighted"]) == (
        4.5,
        3.5,
    )
    assert (latest.proposals[proposal.pk].values["raw"], before.proposals[proposal.pk].values["raw"]) == (4.5, 3.5)
    assert (latest.proposals[proposal.pk].split, before.proposals[proposal.pk].split) == (False, True)
    assert (cell.mark, cell.before, cell.after, cell.change) == (4.0, 2.0, 4.0, 2.0)


def test_review_being_scored_again_counts_in_what_was_before_only(round_, discussed):
    proposal, (_, low) = discussed
    REVIEW.perform(low, "rescore", actor=low.reviewer, at=OPENED_AT)

    latest, before = figures_of(round_), figures_of(round_, before=True)
    now = rows_of(latest, [proposal.pk], before=False)[1][0].cells[1]
    then = rows_of(before, [proposal.pk], before=True)[1][0].cells[1]

    assert (latest.proposals[proposal.pk].marks, before.proposals[proposal.pk].marks) == (1, 2)
    assert (now.mark, now.before, now.scores_again) == (None, 2.0, True)
    assert then.mark == 2.0


def test_review_first_submitted_after_a_discussion_was_opened_is_not_among_what_was_before(round_, discussed):
    proposal, _ = discussed
    a_review(proposal, UserFactory(name="Ruth", roles=[Role.REVIEWER]), points=1, at=OPENED_AT)

    latest, before = figures_of(round_), figures_of(round_, before=True)
    then = rows_of(before, [proposal.pk], before=True)[1][0].cells[2]

    assert (latest.proposals[proposal.pk].marks, before.proposals[proposal.pk].marks) == (3, 2)
    assert (then.mark, then.before, then.after, then.change) == (None, None, 1.0, None)


def test_reviewer_who_stepped_back_after_a_discussion_counts_in_neither(round_, discussed):
    proposal, (_, low) = discussed
    REVIEW.perform(low, "recuse", actor=low.reviewer, at=OPENED_AT, comment="My sister works there.")

    assert [figures_of(round_, before=each).proposals[proposal.pk].marks for each in (False, True)] == [1, 1]


def test_figures_of_a_large_round_are_kept_until_a_mark_changes(
    round_, discussed, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr("grants.domain.queries.matrix_figures._KEEP_FROM", 1)
    _, (_, low) = discussed
    first = figures_of(round_)

    with django_assert_num_queries(1):
        assert figures_of(round_) == first
    scored_again(low, 4)

    assert figures_of(round_) != first


def test_figures_kept_from_before_a_discussion_let_go_of_who_stepped_back(round_, discussed, monkeypatch):
    monkeypatch.setattr("grants.domain.queries.matrix_figures._KEEP_FROM", 1)
    proposal, (_, low) = discussed
    again = REVIEW.perform(low, "rescore", actor=low.reviewer, at=OPENED_AT)
    assert figures_of(round_, before=True).proposals[proposal.pk].marks == 2

    REVIEW.perform(again, "recuse", actor=low.reviewer, at=OPENED_AT, comment="My sister works there.")

    assert figures_of(round_, before=True).proposals[proposal.pk].marks == 1


# --- side by side ---


def test_side_by_side_has_means_by_criterion_and_the_points_before(discussed):
    proposal, (_, low) = discussed
    scored_again(low, [2, 4, 4])

    table = side_by_side(proposal)

    assert [line.mean for line in table.lines] == [Decimal("3.5"), Decimal("4.5"), Decimal("4.5")]
    assert [line.split for line in table.lines] == [True, False, False]
    assert [(given.points, given.before) for _, given in [line.given[1] for line in table.lines]] == [
        (2, None),
        (4, 2),
        (4, 2),
    ]
    assert [(each.label, each.cell.change) for each in table.columns] == [
        ("Reviewer 1", None),
        ("Reviewer 2", pytest.approx(1.667)),
    ]
    assert (table.raw, table.weighted) == (Decimal(25) / 6, Decimal("4.3335"))


def test_side_by_side_does_not_read_private_notes(discussed):
    review = side_by_side(discussed[0]).columns[0].review

    assert "private_notes" in review.get_deferred_fields()


# --- the file ---


def test_export_as_csv_holds_what_is_shown_and_is_on_record(round_, discussed, omar_officer):
    other = in_review(round_, title="=cmd")

    content = export_matrix(
        round_, kind="csv", before=False, shown="", sort="proposal", actor=omar_officer, at=LATER
    ).decode("utf-8-sig")

    head, first, second = content.splitlines()
    # The most lenient reviewer first.
    assert head.endswith("Reviewers disagree,Ranks lie apart,Rita,Rolf")
    assert first.startswith(f"{discussed[0].reference},")
    assert ",2,2,3.500,1,3.500,1," in first
    assert second.startswith(f"{other.reference},'=cmd,")
    assert Entry.objects.of(round_).first().facts == {"rows": 2, "kind": "csv", "before": False, "shown": ""}


def test_export_as_a_workbook_has_reviewers_and_agreement(round_, discussed, omar_officer):
    content = export_matrix(
        round_, kind="xlsx", before=True, shown="split", sort="-weighted", actor=omar_officer, at=LATER
    )

    book = load_workbook(BytesIO(content))
    assert book.sheetnames == ["Proposals", "Reviewers", "Agreement"]
    assert [cell.value for cell in book["Reviewers"]["A"]][1:] == ["Rita", "Rolf"]
    assert [cell.value for cell in book["Agreement"]["A"]][1:] == [
        "Overall mark",
        "Criterion 1",
        "Criterion 2",
        "Criterion 3",
    ]


def test_export_of_too_many_rows_as_a_workbook_is_refused(round_, discussed, omar_officer, monkeypatch):
    monkeypatch.setattr("grants.domain.matrix.MOST_IN_WORKBOOK", 0)

    with refuses("A workbook holds 0 proposals at most. Take the CSV file."):
        export_matrix(round_, kind="xlsx", before=False, shown="", sort="proposal", actor=omar_officer, at=LATER)


@pytest.mark.parametrize("who", ["rita_reviewer", "ana_applicant", "ada_admin"])
def test_export_by_anybody_outside_the_foundation_is_refused(who, request, round_):
    with refuses("Only foundation staff see this."):
        export_matrix(
            round_, kind="csv", before=False, shown="", sort="proposal", actor=request.getfixturevalue(who), at=LATER
        )
