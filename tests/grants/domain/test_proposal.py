"""Starting a proposal, what it lacks, when its team may change it, and the steps it takes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from grants.domain.proposal import start_proposal
from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.proposal import (
    gaps,
    listed,
    may_change,
    may_submit_at,
    missing_to_submit,
    obstacles_to_screening,
    quote,
)
from grants.domain.section import save_section
from grants.domain.submission import submit_proposal
from grants.enums import ProposalState, QuestionKind, RoundState
from grants.models import Proposal
from grants.workflow import PROPOSAL
from portal import clock
from portal.access import Refused
from portal.activity.models import Entry
from tests.conftest import NOON
from tests.factories.proposals import CHANGES_DUE, ProposalFactory, a_complete_proposal
from tests.factories.rounds import QuestionFactory, RoundFactory
from tests.factories.sites import SiteFactory, a_site
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
MICROSECOND = timedelta(microseconds=1)
KEY = "0123456789abcdef0123456789abcdef"


def start(round_, site, actor, at=NOON, title="Every student counts"):
    return start_proposal(round_, site, actor=actor, at=at, title=title)


# --- starting ---


def test_proposal_started_is_a_draft_with_the_rounds_ceiling(ana_applicant):
    round_ = RoundFactory(total_ceiling=Decimal("900000.00"))

    proposal = start(round_, a_site(ana_applicant), ana_applicant, title="  Every student counts ")

    assert (proposal.reference, proposal.state, proposal.title) == ("P-2026-0001", "draft", "Every student counts")
    assert proposal.total_ceiling == round_.total_ceiling
    assert Entry.objects.of(proposal).get().summary == "Proposal started by Ana Applicant."


def test_proposal_of_one_site_is_started_once_a_round(ana_applicant):
    round_, site = RoundFactory(), a_site(ana_applicant, name="Harbor Promise")
    start(round_, site, ana_applicant)

    with refuses("Harbor Promise already has a proposal in this round."):
        start(round_, site, ana_applicant)
    with pytest.raises(IntegrityError):
        ProposalFactory(round=round_, site=site)


@pytest.mark.parametrize(
    ("shift", "reason"),
    [
        ("before", "The call opens on Tue 1 Sep 2026, 9:00 am Eastern."),
        ("after", "The call closed on Fri 30 Oct 2026, 5:00 pm Eastern."),
    ],
)
def test_proposal_started_outside_the_open_time_is_refused(shift, reason, ana_applicant):
    round_ = RoundFactory()
    at = round_.opens_at - MICROSECOND if shift == "before" else round_.closes_at + MICROSECOND

    with refuses(reason):
        start(round_, a_site(ana_applicant), ana_applicant, at=at)


@pytest.mark.parametrize("state", [RoundState.DRAFT, RoundState.DECIDED])
def test_proposal_started_in_a_round_that_takes_none_is_refused(state, ana_applicant):
    with refuses("This call takes no proposals now."):
        start(RoundFactory(state=state), a_site(ana_applicant), ana_applicant)


def test_proposal_started_from_a_viewers_or_finance_seat_is_refused(ana_applicant, ben_colleague):
    site = a_site(viewers=[ana_applicant], finance=[ben_colleague], name="Harbor Promise")

    for actor in (ana_applicant, ben_colleague):
        with refuses("You need a lead or contributor seat on Harbor Promise to write here."):
            start(RoundFactory(), site, actor)


@pytest.mark.parametrize("title", ["", "   ", "x" * 161])
def test_proposal_started_without_a_usable_title_is_refused(title, ana_applicant):
    with pytest.raises(ValidationError) as raised:
        start(RoundFactory(), a_site(ana_applicant), ana_applicant, title=title)

    assert list(raised.value.message_dict) == ["title"]


# --- what is missing ---


def test_proposal_just_started_lacks_everything_in_sentences(ana_applicant):
    site = a_site(ana_applicant)
    proposal = start(RoundFactory(), site, ana_applicant)
    union, district, fund = (site.partners.get(kind=kind) for kind in ("union", "district", "community"))

    assert [(gap.section, gap.text) for gap in gaps(dossier_of(proposal))] == [
        ("eligibility", "Eligibility: not answered yet."),
        ("coalition", "The coalition and its schools: answer “How do the partners work together and decide?”."),
        ("need", "Need: not answered yet."),
        ("baseline", "Baseline results: add a table with the numbers of at least two student groups."),
        ("plan-collaboration", "District and Local Union Capacity and Collaboration: not answered yet."),
        ("plan-collaboration", "District and Local Union Capacity and Collaboration: add at least one milestone."),
        ("plan-partnerships", "Family and Community Partnerships: not answered yet."),
        ("plan-partnerships", "Family and Community Partnerships: add at least one milestone."),
        ("plan-coherence", "District and School Capacity and Coherence: not answered yet."),
        ("plan-coherence", "District and School Capacity and Coherence: add at least one milestone."),
        ("budget", "Five-year budget: enter what the work costs."),
        ("sustainability", "After the grant: answer “What stays when the grant ends, and who pays for it?”."),
        ("signoffs", f"{district}, {union} and {fund} have not been asked to sign yet."),
    ]


def test_proposal_of_an_empty_site_lacks_its_coalition(ana_applicant):
    proposal = ProposalFactory(site=SiteFactory(), title="")

    texts = missing_to_submit(proposal)

    assert texts[1:7] == [
        "Give the proposal a title.",
        "Add the school district.",
        "Add the local education union.",
        "Add at least one community partner.",
        "Choose the fiscal agent: the partner that is paid.",
        "List the schools you will work in.",
    ]


def test_proposal_with_everything_lacks_nothing():
    assert missing_to_submit(a_complete_proposal()) == []


def test_proposal_of_a_round_without_signatures_needs_none(ana_applicant):
    round_ = RoundFactory(sign_offs_required=False)

    proposal = ProposalFactory(round=round_)

    assert not [gap for gap in gaps(dossier_of(proposal)) if gap.section == "signoffs"]


def test_proposal_over_a_word_limit_says_by_how_much(ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant))
    save_section(
        proposal, "sustainability", actor=ana_applicant, at=NOON, version=0,
        answers={"after-the-grant": "word " * 503},
    )  # fmt: skip

    texts = [gap.text for gap in gaps(dossier_of(proposal)) if gap.section == "sustainability"]

    quoted = "“What stays when the grant ends, and who pays for it?”"
    assert texts == [f"{quoted} is 3 words over its limit of 500 words."]


def test_proposal_that_answers_no_to_a_condition_cannot_apply(ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant))
    answers = dict.fromkeys(["district-partner", "community-partner", "district-schools"], "yes")
    save_section(
        proposal, "eligibility", actor=ana_applicant, at=NOON, version=0, answers=answers | {"union-partner": "no"}
    )

    texts = [gap.text for gap in gaps(dossier_of(proposal)) if gap.section == "eligibility"]

    quoted = "“Is the local education union a full partner of your…”"
    why = proposal.round.questions.get(key="union-partner").if_no
    assert texts == [f"You answered no to {quoted}. {why}"]


@pytest.mark.parametrize(("typed", "missing"), [("12", False), ("1,200.5", False), ("about 12", True)])
def test_proposal_with_words_for_a_number_is_asked_for_the_number(typed, missing, ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant))
    QuestionFactory(round=proposal.round, key="own-1", kind=QuestionKind.NUMBER, prompt="How many?", word_limit=None)
    save_section(proposal, "round", actor=ana_applicant, at=NOON, version=0, answers={"own-1": typed})

    texts = [gap.text for gap in gaps(dossier_of(proposal)) if gap.section == "round"]

    assert texts == (["Enter a number for “How many?”."] if missing else [])


def test_names_are_listed_and_prompts_quoted_in_words():
    assert [listed(["A"]), listed(["A", "B"]), listed(["A", "B", "C"])] == ["A", "A and B", "A, B and C"]
    assert quote("Short?") == "“Short?”"
    assert quote("word " * 20) == f"“{'word ' * 11}word…”"


# --- when it may be changed ---


@pytest.mark.parametrize(
    ("state", "in_time", "late"),
    [
        (ProposalState.DRAFT, True, True),
        (ProposalState.SUBMITTED, True, False),
        (ProposalState.RETURNED, True, True),
        *((state, False, False) for state in ProposalState if state not in {"draft", "submitted", "returned"}),
    ],
)
def test_proposal_can_be_changed_in_these_states(state, in_time, late):
    proposal = ProposalFactory(state=state)

    assert bool(may_change(proposal, proposal.round.closes_at)) == in_time
    assert bool(may_change(proposal, proposal.round.closes_at + MICROSECOND)) == late


def test_proposal_sent_back_can_be_submitted_until_the_round_is_decided():
    proposal = ProposalFactory(state=ProposalState.RETURNED)
    late = CHANGES_DUE

    assert may_submit_at(proposal, late)
    assert may_submit_at(proposal, late + MICROSECOND).reason == (
        "The time for these changes ended on Sun 8 Nov 2026, 5:00 pm Eastern. What you submitted before still counts, "
        "and your text is kept here."
    )
    proposal.round.state = RoundState.DECIDED
    assert may_submit_at(proposal, late).reason == "This round is decided, so nothing more can be submitted to it."


# --- steps ---

_NOTHING = dict.fromkeys(ProposalState.values, "no")
# What each step makes of each state for whoever may take it, after the call has closed; "no" is a refusal.
GRID = {
    "submit": _NOTHING | {"draft": "submitted", "submitted": "submitted", "returned": "submitted"},
    "withdraw": _NOTHING
    | {"draft": "withdrawn", "submitted": "withdrawn", "returned": "withdrawn", "in_review": "withdrawn"},
    "screen_in": _NOTHING | {"submitted": "in_review"},
    "screen_out": _NOTHING | {"submitted": "ineligible"},
    "return": _NOTHING | {"submitted": "returned"},
    "close_changes": _NOTHING | {"returned": "submitted"},
    "recommend": _NOTHING | {"in_review": "recommended"},
    "pass_over": _NOTHING | {"in_review": "not_recommended"},
    "reconsider": _NOTHING | {"recommended": "in_review", "not_recommended": "in_review"},
    "overrule": _NOTHING | {"recommended": "not_recommended"},
    "award": _NOTHING | {"recommended": "awarded"},
    "waitlist": _NOTHING | {"recommended": "waitlisted", "not_recommended": "waitlisted"},
    "decline": _NOTHING | {"recommended": "declined", "not_recommended": "declined"},
}
CELLS = [(step, state) for step, row in GRID.items() if step != "submit" for state in row]


@pytest.mark.parametrize(("step", "state"), CELLS)
def test_proposal_step_from_each_state(step, state, omar_officer, ana_applicant):
    proposal = ProposalFactory(state=state, site=a_site(ana_applicant))
    actor = ana_applicant if step == "withdraw" else omar_officer
    at = proposal.round.closes_at + timedelta(days=1)
    wanted = GRID[step][state]
    facts = {"due_at": CHANGES_DUE, "items": {"budget": "Explain year 2."}} if step == "return" else {}

    with clock.at(at):
        if wanted == "no":
            with pytest.raises(Refused, match="is not possible now"):
                PROPOSAL.perform(proposal, step, actor=actor, at=at, comment="Because.", **facts)
        else:
            assert PROPOSAL.perform(proposal, step, actor=actor, at=at, comment="Because.", **facts).state == wanted


@pytest.mark.parametrize("state", ProposalState.values)
def test_proposal_submitted_from_each_state(state, ana_applicant):
    proposal = a_complete_proposal(actor=ana_applicant)
    stamps = ProposalFactory(state=state, submission=False)
    Proposal.objects.filter(pk=proposal.pk).update(
        **{name: getattr(stamps, name) for name in ("state", "submitted_at", "decided_at", "withdrawn_at")}
    )
    proposal.refresh_from_db()

    if GRID["submit"][state] == "no":
        with pytest.raises(Refused, match="is not possible now"):
            submit_proposal(proposal, actor=ana_applicant, at=NOON, key=KEY)
    else:
        submit_proposal(proposal, actor=ana_applicant, at=NOON, key=KEY)
        proposal.refresh_from_db()
        assert proposal.state == GRID["submit"][state]


def test_proposal_grid_names_every_step_and_state():
    assert set(GRID) == set(PROPOSAL.by_name)
    assert all(set(row) == set(ProposalState.values) for row in GRID.values())


@pytest.mark.parametrize("step", ["screen_in", "screen_out", "return"])
def test_proposal_screened_while_the_call_is_open_is_refused(step, omar_officer):
    proposal = ProposalFactory(state=ProposalState.SUBMITTED)
    reason = "The call is open until Fri 30 Oct 2026, 5:00 pm Eastern; the team may still change its proposal."

    with clock.at(proposal.round.closes_at):
        assert obstacles_to_screening(proposal) == [reason]
        with refuses(reason):
            PROPOSAL.perform(proposal, step, actor=omar_officer, at=proposal.round.closes_at, comment="Because.")


def test_proposal_withdrawn_needs_a_reason_and_a_writing_seat(ana_applicant, ben_colleague):
    proposal = ProposalFactory(site=a_site(ana_applicant, viewers=[ben_colleague], name="Harbor Promise"))

    with refuses("Say why: this step needs a written reason."):
        PROPOSAL.perform(proposal, "withdraw", actor=ana_applicant, at=NOON, comment=" ")
    with refuses("You need a lead or contributor seat on Harbor Promise to write here."):
        PROPOSAL.perform(proposal, "withdraw", actor=ben_colleague, at=NOON, comment="Because.")
    row = PROPOSAL.perform(proposal, "withdraw", actor=ana_applicant, at=NOON, comment="Because.")
    assert row.withdrawn_at == NOON
