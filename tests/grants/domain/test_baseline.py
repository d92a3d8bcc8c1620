"""Baseline results: kept as typed with what is withheld, merged on import, part of what is frozen, signed and restored."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from grants.domain import content
from grants.domain.baseline import (
    Place,
    add_results,
    baseline_state,
    remove_table,
    restore_baseline,
    save_table,
)
from grants.domain.queries.baseline import gaps_between
from grants.domain.queries.dossier import Dossier, dossier_of
from grants.domain.queries.proposal import gaps
from grants.enums import ProposalState
from grants.models import BaselineTable, ProposalSection, SectionRevision
from portal.record import Stale
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory, a_submitted_proposal, some_results
from tests.factories.sites import a_site
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
MATHS = Place("mathematics", "3-8", "2025-26")


@pytest.fixture
def proposal(ana_applicant, ben_colleague):
    return ProposalFactory(site=a_site(ana_applicant, finance=[ben_colleague], name="Harbor Promise"))


def save(proposal, actor, version=0, **facts):
    return save_table(proposal, some_results(**facts), actor=actor, at=NOON, version=version)


def told(proposal):
    return Dossier(proposal).baseline


def counts(proposal):
    return {each["group"]: each["counts"] for each in told(proposal)[0]["groups"]}


def test_table_saved_tells_counts_shares_and_gaps_and_never_a_zero_for_what_is_withheld(proposal, ana_applicant):
    save(proposal, ana_applicant, counts={"white": [1, 1, 1, 0], "hispanic": [None, 5, 5, 2]})

    table = told(proposal)[0]
    assert [(each["group"], each["counts"], each["students"], each["proficient"]) for each in table["groups"]] == [
        ("hispanic", [None, 5, 5, 2], None, None),
        ("white", [1, 1, 1, 0], 3, "33.3"),
    ]
    assert table["gaps"] == []


def test_gaps_are_the_widest_of_each_partition():
    shares = {"white": "60.0", "asian": "70.5", "black": "30.1", "hispanic": None, "male": "50.0", "all": "10.0"}

    assert gaps_between(shares) == [
        {
            "higher": "Asian",
            "higher_percent": "70.5",
            "lower": "Black or African American",
            "lower_percent": "30.1",
            "points": "40.4",
        }
    ]


@pytest.mark.parametrize(
    ("facts", "errors"),
    [
        ({"place": Place("history", "3-8", "2025-26")}, {"subject": ["Choose a subject."]}),
        ({"place": Place("ela", "3-9", "2025-26")}, {"grade_band": ["Choose the grades."]}),
        ({"place": Place("ela", "3-8", "2025")}, {"school_year": ["Write a school year as its two calendar years. Example: 2022-23."]}),
        ({"level_names": ["A"]}, {"level_names": ["Give 2 to 6 levels."]}),
        ({"level_names": ["A", "B", "a", "C"]}, {"level_names": ["Two levels have the same name."]}),
        ({"proficient_from": 5}, {"proficient_from": ["Choose a level from 2 to 4."]}),
        ({"counts": {"white": [1, 2]}}, {"counts": ["White: enter a number for each of the 4 levels."]}),
        ({"counts": {"white": [1, 2, 3, -1]}}, {"counts": ["White: numbers of students go from 0 to 10,000,000."]}),
        ({"counts": {"white": [0, 0, 0, 0]}}, {"counts": ["White: nobody was tested. Leave the whole line empty."]}),
        ({"counts": {"martian": [1, 0, 0, 0]}}, {"counts": ["Choose student groups of the list."]}),
        ({"counts": {}}, {"counts": ["Enter the number of students at each level for at least one group."]}),
    ],
)  # fmt: skip
def test_table_that_does_not_fit_together_is_refused(facts, errors, proposal, ana_applicant):
    with pytest.raises(ValidationError) as raised:
        save(proposal, ana_applicant, **facts)

    assert (raised.value.message_dict, BaselineTable.objects.count()) == (errors, 0)


def test_table_moved_to_another_place_replaces_the_one_it_was(proposal, ana_applicant):
    save(proposal, ana_applicant)
    moved = some_results(place=Place("ela", "3-8", "2025-26"))

    save_table(proposal, moved, actor=ana_applicant, at=NOON, version=1, replaces=MATHS)

    assert [str(each) for each in BaselineTable.objects.all()] == ["English language arts, grades 3-8, 2025-26"]


def test_table_saved_unchanged_counts_no_version_and_keeps_no_revision(proposal, ana_applicant):
    save(proposal, ana_applicant)
    save_table(proposal, some_results(), actor=ana_applicant, at=NOON, version=1, replaces=MATHS)

    assert (ProposalSection.objects.get(key="baseline").version, SectionRevision.objects.count()) == (1, 1)


def test_import_merges_groups_into_the_table_there_is(proposal, ana_applicant):
    save(proposal, ana_applicant)
    more = some_results(counts={"asian": [1, 2, 3, 4], "white": [9, 9, 9, 9]})
    other = some_results(place=Place("ela", "3-8", "2025-26"))

    add_results(proposal, [more, other], actor=ana_applicant, at=NOON, version=1)

    assert BaselineTable.objects.count() == 2
    merged = next(each for each in told(proposal) if each["subject"] == "mathematics")
    assert {each["group"]: each["counts"] for each in merged["groups"]} == {
        "asian": [1, 2, 3, 4], "hispanic": [120, 160, 90, 30], "white": [9, 9, 9, 9]
    }  # fmt: skip


def test_import_with_other_levels_replaces_the_whole_table(proposal, ana_applicant):
    save(proposal, ana_applicant)

    add_results(
        proposal, [some_results(level_names=["Low", "High"], proficient_from=2, counts={"asian": [1, 2]})],
        actor=ana_applicant, at=NOON, version=1,
    )  # fmt: skip

    assert counts(proposal) == {"asian": [1, 2]}


def test_table_saved_by_a_colleague_meanwhile_is_not_overwritten(proposal, ana_applicant):
    save(proposal, ana_applicant)

    with pytest.raises(Stale):
        save(proposal, ana_applicant, version=0, counts={"white": [1, 2, 3, 4]})


def test_baseline_is_written_by_writers_alone_and_not_in_review(proposal, ana_applicant, ben_colleague):
    with refuses("You need a lead or contributor seat on Harbor Promise to write here."):
        save(proposal, ben_colleague)
    late = ProposalFactory(site=a_site(ana_applicant), state=ProposalState.IN_REVIEW)
    with refuses("The foundation is working on this proposal now, so its text stays as you submitted it."):
        save(late, ana_applicant)


def test_table_removed_twice_is_gone_once(proposal, ana_applicant):
    save(proposal, ana_applicant)
    remove_table(proposal, MATHS, actor=ana_applicant, at=NOON, version=1)
    remove_table(proposal, MATHS, actor=ana_applicant, at=NOON, version=2)

    assert (BaselineTable.objects.count(), ProposalSection.objects.get(key="baseline").version) == (0, 2)


def test_proposal_needs_a_table_with_two_groups_before_it_can_be_submitted(proposal, ana_applicant):
    def sentences():
        proposal.__dict__.pop("_dossier", None)
        return [gap.text for gap in gaps(dossier_of(proposal)) if gap.section == "baseline"]

    missing = ["Baseline results: add a table with the numbers of at least two student groups."]
    assert sentences() == missing
    save(proposal, ana_applicant, counts={"white": [1, 2, 3, 4], "asian": [None] * 4})
    assert sentences() == missing
    add_results(proposal, [some_results()], actor=ana_applicant, at=NOON, version=1)
    assert sentences() == []


def test_state_restored_brings_the_tables_back(proposal, ana_applicant):
    save(proposal, ana_applicant, counts={"white": [1, None, 3, 4]})
    state = baseline_state(Dossier(proposal))
    remove_table(proposal, MATHS, actor=ana_applicant, at=NOON, version=1)

    with transaction.atomic():
        assert restore_baseline(proposal, state)
        assert not restore_baseline(proposal, state)

    assert baseline_state(Dossier(proposal)) == state
    assert SectionRevision.objects.filter(key="baseline").first().content == {"tables": []}


def test_submitted_content_holds_the_tables(ana_applicant):
    proposal = a_submitted_proposal(actor=ana_applicant)

    frozen = proposal.submissions.get().content

    assert frozen["baseline"] == content.build(proposal)["baseline"] == told(proposal)
    assert frozen["baseline"][0]["groups"][0]["counts"] == [120, 160, 90, 30]
