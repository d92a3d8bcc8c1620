"""The number of finished sections on a proposal's row: counted with saves, caught up with by a sweep."""

from datetime import UTC, datetime, timedelta

import pytest

from grants.domain.completeness import recount, recount_oldest
from grants.domain.proposal import start_proposal
from grants.domain.queries.completeness import LAST_HOURS, SELDOM, SOON, count_sections
from grants.domain.section import save_section
from grants.enums import ProposalState
from grants.models import Proposal
from sites.domain.school import remove_schools
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory, a_complete_proposal, a_submitted_proposal
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
CLOSES = datetime(2026, 10, 30, 21, 0, tzinfo=UTC)


def stored():
    row = Proposal.objects.get()
    return row.sections_done, row.sections_total


@pytest.fixture
def draft(ana_applicant):
    site = a_site(ana_applicant)
    return start_proposal(RoundFactory(), site, actor=ana_applicant, at=NOON, title="Every student")


def save(draft, actor, **facts):
    asked = draft.round.questions.filter(section="sustainability")
    return save_section(
        draft, "sustainability", actor=actor, at=NOON, version=0, answers={each.key: "It stays." for each in asked},
        **facts,
    )  # fmt: skip


def test_started_proposal_is_counted(draft):
    assert stored() == count_sections(draft)


def test_section_finished_by_hand_counts_at_once(draft, ana_applicant):
    done, total = stored()

    save(draft, ana_applicant)

    assert stored() == (done + 1, total)


def test_section_autosaved_is_counted_by_the_sweep(draft, ana_applicant):
    done, total = stored()
    save(draft, ana_applicant, autosave=True)
    assert stored() == (done, total)

    recount_oldest(at=NOON + SELDOM + timedelta(seconds=1))

    assert stored() == (done + 1, total)


@pytest.mark.parametrize(
    ("at", "counted"),
    [
        (NOON + SOON + timedelta(seconds=1), 0),
        (NOON + SELDOM + timedelta(seconds=1), 1),
    ],
)
def test_draft_long_before_the_closing_is_counted_once_a_day(draft, at, counted):
    assert recount_oldest(at=at) == counted


def test_draft_in_the_last_hours_is_counted_every_few_minutes(draft):
    at = CLOSES - LAST_HOURS
    recount(draft, at=at)

    assert recount_oldest(at=at + SOON) == 0
    assert recount_oldest(at=at + SOON + timedelta(seconds=1)) == 1


def test_sweep_is_bounded_and_takes_the_oldest_first(monkeypatch):
    round_ = RoundFactory()
    for _ in range(3):
        ProposalFactory(round=round_)
    monkeypatch.setattr("grants.domain.completeness.AT_ONCE", 2)

    assert [recount_oldest(at=NOON), recount_oldest(at=NOON), recount_oldest(at=NOON)] == [2, 1, 0]


def test_complete_proposal_has_every_section_done(ana_applicant):
    a_complete_proposal(actor=ana_applicant)

    done, total = stored()
    assert done == total


def test_submitted_proposal_has_every_section_done_and_is_left_alone(ana_applicant):
    a_submitted_proposal(actor=ana_applicant)

    done, total = stored()
    assert done == total
    assert recount_oldest(at=NOON + 9 * SELDOM) == 0


def test_change_of_the_coalitions_record_is_counted(draft, ana_applicant):
    Proposal.objects.update(sections_done=0, sections_total=0)

    remove_schools(draft.site, list(draft.site.schools.all()), actor=ana_applicant, at=NOON)

    assert stored() == count_sections(Proposal.objects.get())


@pytest.mark.parametrize("state", sorted(set(ProposalState) - {ProposalState.DRAFT, ProposalState.RETURNED}))
def test_proposal_nobody_writes_is_not_counted_again(state):
    ProposalFactory(state=state)

    assert recount_oldest(at=NOON) == 0
