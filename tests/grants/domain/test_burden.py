"""The burden meter: hours estimated from the questions, and as measured."""

import pytest

from grants.domain.queries.burden import estimate, measured
from grants.domain.queries.call import sections_of
from grants.enums import ProposalState, QuestionKind, Section
from grants.models import ProposalSection
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory
from tests.factories.rounds import QuestionFactory, RoundFactory, SlotFactory

pytestmark = pytest.mark.django_db


def shares(round_):
    burden = estimate(sections_of(round_), round_.slots.all())
    return {each.key: each.minutes for each in burden.shares}


def test_estimate_adds_up_what_each_section_asks():
    # 80 % of the words at 250 an hour: 400 words are 77 minutes; a plan has 1,800 words and its milestones.
    assert shares(RoundFactory()) == {
        "eligibility": 12,
        "coalition": 60 + 77,
        "need": 202,
        "baseline": 180,
        "plan-collaboration": 346 + 45,
        "plan-partnerships": 346 + 45,
        "plan-coherence": 346 + 45,
        "budget": 60 + 3 * 90,
        "sustainability": 96,
        "attachments": 0,
        "signoffs": 90,
    }


def test_estimate_counts_every_kind_of_question_and_document():
    round_ = RoundFactory(core=False, sign_offs_required=False)
    for kind, limit in ((QuestionKind.TEXT, 250), (QuestionKind.NUMBER, None), (QuestionKind.CHOICE, None)):
        QuestionFactory(round=round_, kind=kind, word_limit=limit)
    SlotFactory(round=round_)
    SlotFactory(round=round_, required=False)

    found = shares(round_)

    assert (found["round"], found["attachments"], "signoffs" in found) == (48 + 15 + 3, 90, False)


@pytest.mark.parametrize(("words", "told"), [(0, "about 6 hours"), (250, "about 7 hours"), (2500, "about 15 hours")])
def test_estimate_is_told_in_round_hours(words, told):
    round_ = RoundFactory(core=False, sign_offs_required=False)
    if words:
        QuestionFactory(round=round_, word_limit=words)

    assert estimate(sections_of(round_), []).words == told


def test_measured_time_is_the_median_of_three_teams_that_submitted():
    round_ = RoundFactory()
    burden = estimate(sections_of(round_), [])
    for state, minutes in (
        (ProposalState.SUBMITTED, 60),
        (ProposalState.IN_REVIEW, 100),
        (ProposalState.SUBMITTED, 500),
        (ProposalState.DRAFT, 5),
    ):
        proposal = ProposalFactory(round=round_, state=state, submission=False)
        for key in (Section.NEED, Section.COALITION)[: 2 if minutes > 90 else 1]:
            ProposalSection.objects.create(
                proposal=proposal, key=key, saved_at=NOON, saved_by=proposal.started_by, writing_seconds=minutes * 60
            )

    found = {each.key: (each.measured, each.teams) for each in measured(round_, burden).shares}

    assert (found["need"], found["coalition"], found["budget"]) == ((100, 3), (None, 2), (None, 0))
