"""The demo: every stage tells its part of the story, the same seed tells it again, and production refuses it."""

from datetime import date

import pytest
from django.core.management import CommandError
from django.db import transaction

from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.proposal import gaps
from grants.domain.queries.round_dates import date_warnings
from grants.enums import AwardState, PaymentState, ProposalState, Section
from grants.models import Award, FundingRound, Payment, Proposal, Submission, TeamMessage
from portal import clock
from portal.accounts.models import User
from portal.activity.models import Entry
from portal.demo.cast import CAST
from portal.demo.stages import STAGES, load
from portal.demo.story import instant
from reporting.enums import ReportState
from reporting.models import AnnualReport
from sites.models import Site

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True


def _tell(stage, seed=1, today=TODAY):
    with clock.at(instant(today, 12)):
        load(stage, seed=seed, today=today)
    return set(Proposal.objects.values_list("state", flat=True))


@pytest.mark.parametrize(
    ("stage", "states"),
    [
        ("open", {ProposalState.DRAFT, ProposalState.SUBMITTED}),
        ("review", {ProposalState.DRAFT, ProposalState.SUBMITTED, ProposalState.IN_REVIEW}),
        ("award", {ProposalState.DRAFT, ProposalState.SUBMITTED, ProposalState.AWARDED, ProposalState.DECLINED}),
        (
            "reporting",
            {
                ProposalState.DRAFT,
                ProposalState.SUBMITTED,
                ProposalState.IN_REVIEW,
                ProposalState.AWARDED,
                ProposalState.NOT_RECOMMENDED,
            },
        ),
        (
            "closed",
            {
                ProposalState.DRAFT,
                ProposalState.SUBMITTED,
                ProposalState.IN_REVIEW,
                ProposalState.AWARDED,
                ProposalState.NOT_RECOMMENDED,
            },
        ),
    ],
)
def test_demo_of_a_stage_has_proposals_in_its_states(stage, states):
    assert _tell(stage) == states
    assert {each.handle for each in CAST} <= {
        email.split("@")[0] for email in User.objects.values_list("email", flat=True)
    }
    assert all("(demo)" in name for name in Site.objects.values_list("name", flat=True))


def test_demo_of_reporting_has_sites_in_years_one_three_and_five_and_reports_in_every_state():
    _tell("reporting")

    started = Award.objects.order_by("starts_on").values_list("starts_on__year", flat=True)
    assert list(started) == [2022, 2024, 2026, 2027]
    assert set(AnnualReport.objects.values_list("state", flat=True)) == set(ReportState.values)
    assert Payment.objects.filter(state=PaymentState.PREPARED).count() == 1


def test_demo_is_told_in_the_order_of_its_times():
    _tell("closed")

    told = list(Entry.objects.order_by("sequence").values_list("at", flat=True))
    assert told == sorted(told)
    numbered = list(Proposal.objects.order_by("reference").values_list("created_at", flat=True))
    assert numbered == sorted(numbered)


def test_demo_proposals_have_titles_of_their_own():
    _tell("reporting")

    titles = list(Proposal.objects.values_list("title", flat=True))
    assert len(set(titles)) == len(titles)
    assert not set(titles) & set(Site.objects.values_list("name", flat=True))


@pytest.mark.parametrize("today", [date(2026, 11, 20), date(2026, 11, 21), date(2027, 5, 20), date(2028, 2, 29)])
def test_demo_rounds_keep_to_working_days(today):
    """Forty days after 21 November is 31 December."""
    _tell("open", today=today)

    assert [date_warnings(each) for each in FundingRound.objects.all()] == [{}] * FundingRound.objects.count()


def test_demo_call_that_closes_soon_has_a_team_at_every_stage():
    _tell("open")

    round_ = FundingRound.objects.earliest("closes_at")
    by_title = {each.title: each for each in round_.proposals.all()}
    with clock.at(instant(TODAY, 12)):
        lacking = {title: {gap.section for gap in gaps(dossier_of(each))} for title, each in by_title.items()}
    asked = {title: each.amount_requested for title, each in by_title.items()}
    signed = {title: sorted(each.sign_offs.values_list("state", flat=True)) for title, each in by_title.items()}
    changed, submitted = by_title["Math circles in every grange hall"], by_title["The same good teacher on every block"]
    assert (round_.closes_at - instant(TODAY, 17)).days == 9
    assert len(lacking["Four days of school, five days of learning"]) > len(
        lacking["Tutors who come back after the flood"]
    )
    assert asked["From the forge to the college lab"] == round_.total_ceiling
    assert signed["Two languages from the first day"] == ["declined", "requested", "signed"]
    assert lacking["One bus ride, one school day"] == set() == lacking[submitted.title]
    assert (changed.state, lacking[changed.title]) == (ProposalState.SUBMITTED, {Section.SIGNOFFS})
    assert by_title["A reading coach within walking distance"].extended_until > round_.closes_at
    waiting = TeamMessage.objects.filter(settled_at=None, from_foundation=False).values_list(
        "proposal__title", flat=True
    )
    assert list(waiting) == ["One bus ride, one school day"]


def test_demo_of_the_end_has_a_closed_award():
    _tell("closed")

    assert Award.objects.filter(state=AwardState.CLOSED).count() == 1


def test_demo_with_the_same_seed_says_the_same():
    told = []
    for seed in (4, 4, 5):
        with transaction.atomic():
            _tell("review", seed)
            told.append(list(Submission.objects.order_by("at", "pk").values_list("sha256", flat=True)))
            transaction.set_rollback(True)

    assert told[0]
    assert told[0] == told[1] != told[2]


def test_demo_outside_the_demo_is_refused(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="Demo accounts exist only with DEBUG and DEMO on"):
        _tell("open")
    assert not User.objects.exists()


def test_demo_in_a_portal_with_people_is_refused(ana_applicant):
    with pytest.raises(CommandError, match="There are people in this portal already"):
        _tell("open")


def test_every_stage_is_told():
    assert set(STAGES) == {"open", "review", "award", "reporting", "closed"}
