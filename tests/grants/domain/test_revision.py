"""Earlier versions of a section: what shares one, what differs, and bringing one back."""

from datetime import timedelta
from decimal import Decimal

import pytest

from grants.domain.baseline import Place, TableFacts, save_table
from grants.domain.budget import save_budget
from grants.domain.queries.dossier import dossier_of, forget_dossier
from grants.domain.queries.revision import (
    ADDED,
    MOST_LINES,
    REMOVED,
    SAME,
    SIZE,
    changes,
    compared,
    revisions,
    state_of,
)
from grants.domain.restore import restore
from grants.domain.revision import TOGETHER
from grants.domain.section import MilestoneRow, Overtaken, save_section
from grants.enums import QuestionKind, SignOffState
from grants.models import Answer, Milestone, ProposalSection, SectionRevision, SignOff
from portal.activity.models import Entry
from portal.record import Stale
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory, a_complete_proposal
from tests.factories.rounds import QuestionFactory
from tests.factories.sites import a_site
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
PAGE_A, PAGE_B = "a" * 32, "b" * 32
SOON = NOON + timedelta(minutes=2)
KEY = "sustainability"


@pytest.fixture
def proposal(ana_applicant, ben_colleague, sam_stranger):
    return ProposalFactory(site=a_site(ana_applicant, contributors=[ben_colleague]))


def save(proposal, actor, text, *, version=0, editor=PAGE_A, at=NOON, **more):
    answers = {"after-the-grant": text}
    return save_section(proposal, KEY, actor=actor, at=at, version=version, answers=answers, editor=editor, **more)


def kept(proposal):
    rows = SectionRevision.objects.filter(proposal=proposal, key=KEY).order_by("number")
    return [(row.number, row.content["answers"]["after-the-grant"], row.saved_by.get_short_name()) for row in rows]


# --- keeping ---


def test_saves_of_one_page_within_minutes_share_a_revision(proposal, ana_applicant):
    save(proposal, ana_applicant, "One", autosave=True)
    save(proposal, ana_applicant, "One two", version=1, at=SOON, autosave=True)

    assert kept(proposal) == [(1, "One two", "Ana")]
    row = SectionRevision.objects.get()
    assert (row.started_at, row.saved_at) == (NOON, SOON)


def test_save_of_one_page_ten_minutes_later_is_a_revision_of_its_own(proposal, ana_applicant):
    save(proposal, ana_applicant, "One")
    save(proposal, ana_applicant, "One two", version=1, at=NOON + TOGETHER)

    assert kept(proposal) == [(1, "One", "Ana"), (2, "One two", "Ana")]


def test_save_of_a_colleague_begins_a_revision_and_so_does_the_next(proposal, ana_applicant, ben_colleague):
    save(proposal, ana_applicant, "One")
    save(proposal, ben_colleague, "Two", version=1, editor=PAGE_B, at=SOON)
    save(proposal, ana_applicant, "Three", version=2, at=SOON)

    assert kept(proposal) == [(1, "One", "Ana"), (2, "Two", "Ben"), (3, "Three", "Ana")]


def test_save_without_a_change_keeps_no_revision(proposal, ana_applicant):
    save(proposal, ana_applicant, "")
    save(proposal, ana_applicant, "One", version=1, editor="")
    save(proposal, ana_applicant, "One", version=2, editor="")

    assert kept(proposal) == [(1, "One", "Ana")]


def test_save_of_the_budget_keeps_a_revision(proposal, ana_applicant):
    cells = {("coherence", "personnel", 1): Decimal("100.00")}
    save_budget(proposal, cells, actor=ana_applicant, at=NOON, version=0)

    row = SectionRevision.objects.get(key="budget")
    years = ["100.00", "0.00", "0.00", "0.00", "0.00"]
    assert row.content["lines"] == [{"component": "coherence", "category": "personnel", "years": years}]


# --- time and turns ---


def test_writing_time_counts_the_pauses_of_one_page_up_to_five_minutes(proposal, ana_applicant, ben_colleague):
    save(proposal, ana_applicant, "One", at=NOON)
    save(proposal, ana_applicant, "One two", version=1, at=NOON + timedelta(seconds=40))
    save(proposal, ana_applicant, "One two three", version=2, at=NOON + timedelta(hours=2))
    save(proposal, ben_colleague, "Ben", version=3, editor=PAGE_B, at=NOON + timedelta(hours=2, seconds=9))

    assert ProposalSection.objects.get().writing_seconds == 40 + 300


def test_save_overtaken_by_a_later_one_of_the_same_page_changes_nothing(proposal, ana_applicant):
    save(proposal, ana_applicant, "First and last", turn=7)

    with pytest.raises(Overtaken):
        save(proposal, ana_applicant, "First", turn=6, at=SOON, autosave=True)

    assert Answer.objects.get().text == "First and last"


# --- the list ---


def test_list_counts_the_words_that_came_and_went(proposal, ana_applicant):
    save(proposal, ana_applicant, "Teachers stay here", editor="")
    save(proposal, ana_applicant, "Teachers stay and learn", version=1, editor="")

    rows, further = revisions(proposal, KEY)

    assert [(row.revision.number, row.added, row.removed, row.is_now) for row in rows] == [
        (2, 2, 1, True), (1, 3, 0, False),
    ]  # fmt: skip
    assert further is None


def test_list_shows_a_page_and_where_to_go_on(proposal, ana_applicant, django_assert_num_queries):
    for number in range(SIZE + 3):
        save(proposal, ana_applicant, f"Text {number}", version=number, editor="")

    with django_assert_num_queries(1):
        rows, further = revisions(proposal, KEY)
    older, end = revisions(proposal, KEY, before=further)

    assert [row.revision.number for row in rows] == list(range(SIZE + 3, 3, -1))
    assert ([row.revision.number for row in older], end) == ([3, 2, 1], None)
    assert [row.added for row in older] == [1, 1, 2]


# --- differences ---


@pytest.mark.parametrize(
    ("then", "now", "pieces"),
    [
        ("", "", []),
        ("Same", "Same", [(SAME, "Same")]),
        ("", "New", [(ADDED, "New")]),
        ("One two three", "One four three", [(SAME, "One "), (REMOVED, "two "), (ADDED, "four "), (SAME, "three")]),
        ("One\n\nTwo", "One\n\nTwo\n\nThree", [(SAME, "One\n\n"), (REMOVED, "Two"), (ADDED, "Two\n\nThree")]),
    ],
)
def test_differences_are_told_word_by_word(then, now, pieces):
    assert [(piece.kind, piece.text) for piece in compared(then, now)] == pieces


def test_differences_of_long_texts_are_told_by_line_and_of_longer_ones_as_a_whole():
    line = "word " * 99 + "end\n"
    by_line = list(compared(line * 50, line * 50 + "More."))
    whole = list(compared("a b c d\n" * MOST_LINES, "a b c e\n" * MOST_LINES))

    assert [piece.kind for piece in by_line] == [SAME, ADDED]
    assert [piece.kind for piece in whole] == [REMOVED, ADDED]


def test_changes_of_a_plan_name_the_milestones_that_went(proposal, ana_applicant):
    rows = [MilestoneRow(1, "Every school has a team", "Counted"), MilestoneRow(2, "Every team meets")]
    for version, milestones in enumerate((rows, rows[:1])):
        save_section(
            proposal, "plan-coherence", actor=ana_applicant, at=NOON, version=version, answers={},
            milestones=milestones,
        )  # fmt: skip
    dossier = dossier_of(proposal)
    part = dossier.part("plan-coherence")
    first = SectionRevision.objects.get(number=1)

    change = next(each for each in changes(dossier, part, first.content, state_of(dossier, part)) if each.pieces)

    assert change.label == "Milestones"
    assert REMOVED in {piece.kind for piece in change.pieces}
    assert "Every team meets" in "".join(piece.text for piece in change.pieces if piece.kind == REMOVED)


def test_changes_of_the_budget_and_of_results_are_told_in_words(proposal, ana_applicant):
    cells = {("coherence", "personnel", 1): Decimal("1000.00")}
    save_budget(proposal, cells, actor=ana_applicant, at=NOON, version=0)
    facts = TableFacts(
        Place("mathematics", "3-5", "2024-25"), ["Below", "Meets"], 2, {"white": [10, None]}, "State test"
    )
    save_table(proposal, facts, actor=ana_applicant, at=NOON, version=0)
    told = {}
    for key, nothing in (("budget", {"lines": [], "notes": [], "match": []}), ("baseline", {"tables": []})):
        dossier = dossier_of(proposal)
        part = dossier.part(key)
        for change in changes(dossier, part, nothing, state_of(dossier, part)):
            told |= {change.label: "".join(piece.text for piece in change.pieces)} if change.pieces else {}

    assert told == {
        "District and School Capacity and Coherence": (
            "Salaries and benefits: year 1 $1,000, year 2 $0, year 3 $0, year 4 $0, year 5 $0"
        ),
        "Mathematics, grades 3-5, 2024-25": "State test, proficient from Meets\nWhite: Below 10, Meets withheld",
    }


# --- bringing back ---


def test_restore_is_a_new_save_that_says_so(proposal, ana_applicant, ben_colleague):
    save(proposal, ana_applicant, "One")
    save(proposal, ben_colleague, "Two", version=1, editor=PAGE_B)

    restore(SectionRevision.objects.get(number=1), actor=ben_colleague, at=SOON, version=2)

    assert Answer.objects.get().text == "One"
    assert kept(proposal) == [(1, "One", "Ana"), (2, "Two", "Ben"), (3, "One", "Ben")]
    assert SectionRevision.objects.get(number=3).restored_from == 1
    summary = Entry.objects.of(proposal).first().summary
    assert summary == "After the grant: version 1 brought back by Ben Colleague."


def test_restore_over_a_colleagues_save_is_a_conflict(proposal, ana_applicant, ben_colleague):
    save(proposal, ana_applicant, "One")
    save(proposal, ben_colleague, "Two", version=1, editor=PAGE_B)

    with pytest.raises(Stale):
        restore(SectionRevision.objects.get(number=1), actor=ana_applicant, at=SOON, version=1)

    assert Answer.objects.get().text == "Two"


def test_restore_brings_milestones_back_that_were_removed(proposal, ana_applicant):
    rows = [MilestoneRow(1, "Every school has a team", "Counted")]
    for version, milestones in enumerate((rows, [])):
        save_section(
            proposal, "plan-coherence", actor=ana_applicant, at=NOON, version=version, answers={},
            milestones=milestones,
        )  # fmt: skip
    assert Milestone.objects.count() == 0

    restore(SectionRevision.objects.get(number=1), actor=ana_applicant, at=SOON, version=2)

    assert list(Milestone.objects.values_list("year", "text", "measure")) == [(1, "Every school has a team", "Counted")]


def test_restore_brings_title_and_key_issues_back(proposal, ana_applicant):
    for version, title in enumerate(("First title", "Second title")):
        save_section(proposal, "coalition", actor=ana_applicant, at=NOON, version=version, answers={}, title=title)
    for version, issues in enumerate((["accountability"], [])):
        save_section(proposal, "need", actor=ana_applicant, at=NOON, version=version, answers={}, key_issues=issues)

    for key in ("coalition", "need"):
        restore(SectionRevision.objects.get(key=key, number=1), actor=ana_applicant, at=SOON, version=2)

    proposal.refresh_from_db()
    assert (proposal.title, [each.code for each in proposal.key_issues.all()]) == ("First title", ["accountability"])


def test_restore_of_the_budget_writes_its_amounts_back(proposal, ana_applicant):
    first, second = ({("coherence", "personnel", year): Decimal("100.00")} for year in (1, 2))
    save_budget(proposal, first, actor=ana_applicant, at=NOON, version=0)
    save_budget(proposal, second, actor=ana_applicant, at=NOON, version=1)

    restore(SectionRevision.objects.get(key="budget", number=1), actor=ana_applicant, at=SOON, version=2)

    forget_dossier(proposal)
    assert dossier_of(proposal).amounts == first


def test_restore_leaves_out_a_choice_that_is_no_longer_offered(proposal, ana_applicant):
    question = QuestionFactory(
        round=proposal.round, key="own-1", kind=QuestionKind.CHOICE, choices=["K to 2", "3 to 5"], word_limit=None
    )
    for version, choice in enumerate(("K to 2", "3 to 5")):
        save_section(proposal, "round", actor=ana_applicant, at=NOON, version=version, answers={"own-1": choice})
    question.choices = ["3 to 5"]
    question.save()

    restore(SectionRevision.objects.get(number=1), actor=ana_applicant, at=SOON, version=2)

    assert Answer.objects.get().text == "3 to 5"


def test_restore_voids_the_signatures_under_other_words(ana_applicant):
    proposal = a_complete_proposal(actor=ana_applicant)
    revision = SectionRevision.objects.get(proposal=proposal, key=KEY)
    SectionRevision.objects.filter(pk=revision.pk).update(content={"answers": {"after-the-grant": "Before signing"}})

    saved = restore(SectionRevision.objects.get(pk=revision.pk), actor=ana_applicant, at=SOON, version=1)

    assert len(saved.voided) == 3
    assert set(SignOff.objects.filter(proposal=proposal).values_list("state", flat=True)) == {SignOffState.VOID}


def test_restore_by_somebody_who_does_not_write_is_refused(proposal, ana_applicant, sam_stranger):
    save(proposal, ana_applicant, "One")

    with refuses(f"You need a lead or contributor seat on {proposal.site} to write here."):
        restore(SectionRevision.objects.get(), actor=sam_stranger, at=SOON, version=1)
