"""The five-year budget: ceilings in words, in the domain and in the database."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from grants.domain import content
from grants.domain.budget import budget_state, restore_budget, save_budget, state_of_content
from grants.domain.queries.budget import MatchRow, budget_lacks
from grants.domain.queries.dossier import Dossier
from grants.enums import BudgetCategory, ProposalState
from grants.models import BudgetLine, BudgetNote, BudgetYear, MatchLine, Proposal, SectionRevision, SignOff
from portal import programme
from portal.record import Stale
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory, a_complete_proposal
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def proposal(ana_applicant, ben_colleague):
    return ProposalFactory(site=a_site(ana_applicant, finance=[ben_colleague], name="Harbor Promise"))


def cells(*amounts, component="collaboration", category=BudgetCategory.PERSONNEL):
    """One line of a component, from year 1 on."""
    return {(component, category.value, year): D(amount) for year, amount in enumerate(amounts, start=1)}


def save(proposal, actor, wanted, version=0, at=NOON):
    return save_budget(proposal, wanted, actor=actor, at=at, version=version)


def sums(proposal):
    return list(BudgetYear.objects.filter(proposal=proposal).values_list("year", "amount"))


def test_budget_saved_keeps_lines_years_and_the_amount_in_step(proposal, ana_applicant):
    wanted = cells("1000.50", "2000") | cells("0.50", component="coherence")
    save(proposal, ana_applicant, wanted)

    assert sums(proposal) == [(1, D("1001.00")), (2, D("2000.00")), (3, D(0)), (4, D(0)), (5, D(0))]
    assert Proposal.objects.get(pk=proposal.pk).amount_requested == D("3001.00")

    save(proposal, ana_applicant, cells("10"), version=1)

    assert BudgetLine.objects.filter(proposal=proposal).count() == 1
    assert sums(proposal)[0] == (1, D("10.00"))
    assert Proposal.objects.get(pk=proposal.pk).amount_requested == D("10.00")


def test_budget_at_both_ceilings_is_kept(proposal, ana_applicant):
    save(proposal, ana_applicant, cells(*["250000"] * programme.AWARD_YEARS))

    assert Proposal.objects.get(pk=proposal.pk).amount_requested == D("1250000.00")


@pytest.mark.parametrize(
    ("wanted", "errors"),
    [
        (
            cells("0", "250000.01"),
            {"year_2": ["Year 2 is $250,000.01: $0.01 over the yearly ceiling of $250,000."]},
        ),
        (
            cells("200000") | cells("62500", component="partnerships") | cells("1", category=BudgetCategory.TRAVEL),
            {"year_1": ["Year 1 is $262,501: $12,501 over the yearly ceiling of $250,000."]},
        ),
        (
            cells("250001", "250000", "250000", "250000", "250000"),
            {
                "year_1": ["Year 1 is $250,001: $1 over the yearly ceiling of $250,000."],
                "total": ["The five years together are $1,250,001: $1 over the ceiling of $1,250,000."],
            },
        ),
    ],
)
def test_budget_over_a_ceiling_is_refused_naming_the_year_and_by_how_much(wanted, errors, proposal, ana_applicant):
    with pytest.raises(ValidationError) as raised:
        save(proposal, ana_applicant, wanted)

    assert raised.value.message_dict == errors
    assert BudgetLine.objects.count() == 0


def test_budget_over_a_rounds_own_ceilings_is_refused(ana_applicant):
    round_ = RoundFactory(yearly_ceiling="100000.00", total_ceiling="300000.00")
    proposal = ProposalFactory(round=round_, site=a_site(ana_applicant), total_ceiling="300000.00")

    with pytest.raises(ValidationError) as raised:
        save(proposal, ana_applicant, cells("100000.01", "100000", "100000", "1"))

    assert raised.value.message_dict == {
        "year_1": ["Year 1 is $100,000.01: $0.01 over the yearly ceiling of $100,000."],
        "total": ["The five years together are $300,001.01: $1.01 over the ceiling of $300,000."],
    }


@pytest.mark.parametrize(
    "wanted",
    [
        {("invented", "personnel", 1): D(1)},
        {("coherence", "invented", 1): D(1)},
        {("coherence", "personnel", 6): D(1)},
        {("coherence", "personnel", 0): D(1)},
        {("coherence", "personnel", 1): D(-1)},
    ],
)
def test_budget_with_a_cell_that_cannot_be_is_refused(wanted, proposal, ana_applicant):
    with pytest.raises(ValidationError) as raised:
        save(proposal, ana_applicant, wanted)

    assert list(raised.value.message_dict) == ["cells"]


def test_budget_is_entered_from_a_finance_seat_but_not_a_viewers(proposal, ben_colleague, sam_stranger):
    save(proposal, ben_colleague, cells("10"))

    with refuses("You need a lead, contributor or finance seat on Harbor Promise to enter money."):
        save(proposal, sam_stranger, cells("20"), version=1)


def test_budget_saved_by_a_colleague_meanwhile_is_not_overwritten(proposal, ana_applicant, ben_colleague):
    save(proposal, ben_colleague, cells("10"))

    with pytest.raises(Stale):
        save(proposal, ana_applicant, cells("20"))


def test_budget_of_a_proposal_in_review_is_refused(ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant), state=ProposalState.IN_REVIEW)

    with refuses("The foundation is working on this proposal now, so its text stays as you submitted it."):
        save(proposal, ana_applicant, cells("10"))


def test_budget_changed_after_signing_voids_the_signatures(ana_applicant):
    proposal = a_complete_proposal(actor=ana_applicant)

    saved = save(proposal, ana_applicant, cells("10"), version=1)

    assert len(saved.voided) == 3
    assert set(SignOff.objects.values_list("state", flat=True)) == {"void"}


def test_budget_saved_after_closing_is_kept_in_a_draft(proposal, ana_applicant):
    save(proposal, ana_applicant, cells("10"), at=proposal.round.closes_at + timedelta(hours=1))

    assert sums(proposal)[0] == (1, D("10.00"))


# --- the net in the database ---


def a_line(proposal, **facts):
    return BudgetLine.objects.create(
        **{"proposal": proposal, "component_id": "coherence", "category": "personnel", "year": 1, "amount": D(1)}
        | facts
    )


@pytest.mark.parametrize(
    "facts",
    [{"amount": D("250000.01")}, {"amount": D(0)}, {"amount": D(-1)}, {"year": 6}, {"year": 0}, {"category": "gifts"}],
)
def test_budget_line_that_breaks_a_rule_is_refused_by_the_database(facts, proposal):
    with pytest.raises(IntegrityError):
        a_line(proposal, **facts)


def test_budget_line_of_a_cell_twice_is_refused_by_the_database(proposal):
    a_line(proposal)

    with pytest.raises(IntegrityError):
        a_line(proposal)


@pytest.mark.parametrize(
    "facts",
    [
        {"amount": D("250000.01")},
        {"amount": D("100000.01"), "ceiling": D(100000)},
        {"ceiling": D("250000.01")},
        {"amount": D(-1)},
        {"year": 6},
    ],
)
def test_budget_year_that_breaks_a_rule_is_refused_by_the_database(facts, proposal):
    with pytest.raises(IntegrityError):
        BudgetYear.objects.create(**{"proposal": proposal, "year": 1, "amount": D(1)} | facts)


@pytest.mark.parametrize(
    "facts",
    [
        {"amount_requested": D("1250000.01")},
        {"amount_requested": D("300000.01"), "total_ceiling": D(300000)},
        {"total_ceiling": D("1250000.01")},
        {"total_ceiling": D(0)},
        {"amount_requested": D(-1)},
    ],
)
def test_proposal_amount_that_breaks_a_rule_is_refused_by_the_database(facts, proposal):
    with pytest.raises(IntegrityError):
        Proposal.objects.filter(pk=proposal.pk).update(**facts)


# --- justifications, match, what is no amount ---


def a_match(**facts):
    told = {"partner": "Harbor Fund", "kind": "cash", "what": "Family evenings", "amounts": {1: D("500.00"), 3: D(0)}}
    return MatchRow(**told | facts)


def test_budget_keeps_why_and_match_apart_from_what_is_asked(proposal, ana_applicant):
    place = ("collaboration", "personnel")
    save_budget(
        proposal, cells("1000"), notes={place: "  A coordinator. \r\n", ("coherence", "travel"): " "}, match=[a_match()],
        actor=ana_applicant, at=NOON, version=0,
    )  # fmt: skip

    told = content.build(Proposal.objects.get(pk=proposal.pk))["budget"]
    assert (told["total"], told["match"]["total"], told["match"]["rows"][0]["years"][0]) == (
        "1000.00",
        "500.00",
        "500.00",
    )
    assert told["components"][0]["lines"][0]["note"] == "A coordinator."
    assert list(BudgetNote.objects.values_list("component_id", "category")) == [place]
    assert list(MatchLine.objects.values_list("year", "amount")) == [(1, D("500.00"))]
    assert Proposal.objects.get(pk=proposal.pk).amount_requested == D("1000.00")

    save(proposal, ana_applicant, cells("1000"), version=1)
    assert (BudgetNote.objects.count(), MatchLine.objects.count()) == (1, 1)


def test_match_over_every_ceiling_is_kept(proposal, ana_applicant):
    save_budget(proposal, {}, match=[a_match(amounts={1: D("9000000.00")})], actor=ana_applicant, at=NOON, version=0)

    assert MatchLine.objects.get().amount == D("9000000.00")


@pytest.mark.parametrize(
    ("more", "errors"),
    [
        ({"notes": {("coherence", "gifts"): "x"}}, {"notes": ["The budget has no such line. Open the page again and try once more."]}),
        ({"notes": {("coherence", "travel"): "x" * 2001}}, {"notes": ["Shorten each justification to 2,000 characters."]}),
        ({"match": [a_match(what="")]}, {"match": ["Say who gives each match, what it is and how much."]}),
        ({"match": [a_match(kind="gold")]}, {"match": ["The match has no such box. Open the page again and try once more."]}),
        ({"match": [a_match(amounts={6: D(1)})]}, {"match": ["The match has no such box. Open the page again and try once more."]}),
        ({"match": [a_match()] * 41}, {"match": ["Enter at most 40 kinds of match."]}),
    ],
)  # fmt: skip
def test_budget_with_a_note_or_match_that_cannot_be_is_refused(more, errors, proposal, ana_applicant):
    with pytest.raises(ValidationError) as raised:
        save_budget(proposal, cells("10"), actor=ana_applicant, at=NOON, version=0, **more)

    assert (raised.value.message_dict, BudgetLine.objects.count()) == (errors, 0)


def test_lines_from_ten_thousand_dollars_on_must_say_why(proposal, ana_applicant):
    def lacks():
        return budget_lacks(Dossier(proposal))

    save(proposal, ana_applicant, cells("5000", "4999.99"))
    assert lacks() == []
    save(proposal, ana_applicant, cells("5000", "5000"), version=1)
    assert lacks() == ["say why Collaboration, salaries and benefits ($10,000) is needed."]
    save(proposal, ana_applicant, cells("5000", "5000") | cells("10000", component="coherence"), version=2)
    assert lacks() == ["say why 2 lines of $10,000 or more are needed."]


def test_what_is_no_amount_is_held_as_typed_and_stands_in_the_way_of_submitting(proposal, ana_applicant):
    held = {"coherence-travel-2": "12a"}
    save_budget(proposal, cells("10"), held=held, actor=ana_applicant, at=NOON, version=0)

    dossier = Dossier(proposal)
    assert (dossier.held_in_budget, dossier.saved["budget"].version) == (held, 1)
    assert budget_lacks(dossier) == [
        "something typed there could not be saved as an amount. Open the page and correct it."
    ]

    save_budget(proposal, cells("10"), held={}, actor=ana_applicant, at=NOON, version=1)
    assert (Dossier(proposal).held_in_budget, SectionRevision.objects.count()) == ({}, 1)


def test_budget_state_restored_brings_everything_back(proposal, ana_applicant):
    notes = {("collaboration", "personnel"): "A coordinator."}
    save_budget(proposal, cells("10", "20"), notes=notes, match=[a_match()], actor=ana_applicant, at=NOON, version=0)
    state = budget_state(Dossier(proposal))
    save_budget(proposal, {}, notes={}, match=[], actor=ana_applicant, at=NOON, version=1)
    assert budget_state(Dossier(proposal)) == {"lines": [], "notes": [], "match": []}

    with transaction.atomic():
        row = Proposal.objects.get(pk=proposal.pk)
        assert restore_budget(row, state)

    assert budget_state(Dossier(proposal)) == state
    assert state_of_content(content.build(Proposal.objects.get(pk=proposal.pk))["budget"])["lines"] == state["lines"]
    assert Proposal.objects.get(pk=proposal.pk).amount_requested == D("30.00")
