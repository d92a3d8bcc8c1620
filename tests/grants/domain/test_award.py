"""Making awards, and every step of their life."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from grants.domain.award import make_award
from grants.domain.queries.award import reconciliation
from grants.domain.queries.close_out import obstacles_to_closing
from grants.domain.queries.docket_money import awarded_elsewhere, over_envelope
from grants.domain.queries.timeline import TimelineItem, _providers, provides_timeline
from grants.enums import AwardState, ConditionKind, Decision, PaymentState
from grants.models import Award, AwardYear, Payment, SiteCommitment
from grants.signals import award_made
from grants.workflow import AWARD
from portal.access import Refused
from portal.activity.models import Entry
from tests.factories.awards import (
    APPROVED_AT,
    FULL_YEAR,
    a_payment,
    a_recommendation,
    accept_reports,
    an_award,
    settle,
)
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
HALF = Decimal("125000.00")


@pytest.fixture
def harbor():
    return a_site(name="Harbor County Collaboration")


@pytest.fixture
def line(harbor, omar_officer):
    return a_recommendation(harbor, officer=omar_officer)


def held(site):
    return dict(SiteCommitment.objects.filter(site=site).values_list("school_year", "amount"))


def test_award_made_has_five_years_with_school_years_and_dates(line, dina_director):
    award = make_award(line, actor=dina_director, at=APPROVED_AT)

    assert list(award.years.values_list("number", "school_year", "starts_on", "ends_on", "amount", "ceiling")) == [
        (1, "2027-28", date(2027, 7, 1), date(2028, 6, 30), FULL_YEAR, FULL_YEAR),
        (2, "2028-29", date(2028, 7, 1), date(2029, 6, 30), FULL_YEAR, FULL_YEAR),
        (3, "2029-30", date(2029, 7, 1), date(2030, 6, 30), FULL_YEAR, FULL_YEAR),
        (4, "2030-31", date(2030, 7, 1), date(2031, 6, 30), FULL_YEAR, FULL_YEAR),
        (5, "2031-32", date(2031, 7, 1), date(2032, 6, 30), FULL_YEAR, FULL_YEAR),
    ]


def test_award_made_freezes_ceilings_payee_and_people(harbor, omar_officer, dina_director):
    line = a_recommendation(
        harbor, officer=omar_officer, amounts=(HALF,) * 5, yearly_ceiling=HALF, total_ceiling=HALF * 5
    )

    award = make_award(line, actor=dina_director, at=APPROVED_AT)

    agent = harbor.fiscal_agent
    assert (award.yearly_ceiling, award.total_ceiling, award.amount) == (HALF, HALF * 5, HALF * 5)
    assert (award.payee_name, award.payee_ein, award.payee_tax_status) == (agent.name, agent.ein, agent.tax_status)
    assert (award.recommended_by, award.approved_by, award.approved_at) == (omar_officer, dina_director, APPROVED_AT)
    assert (award.starts_on, award.ends_on) == (date(2027, 7, 1), date(2032, 6, 30))
    assert award.state == AwardState.APPROVED
    assert award.reference == "A-2027-0001"


def test_award_made_is_split_by_component(line, dina_director):
    award = make_award(line, actor=dina_director, at=APPROVED_AT)

    first = award.years.first()
    assert list(first.allocations.values_list("component", "amount")) == [
        ("collaboration", Decimal("100000.00")),
        ("partnerships", Decimal("90000.00")),
        ("coherence", Decimal("60000.00")),
    ]


def test_award_made_raises_what_the_site_holds(line, harbor, dina_director):
    make_award(line, actor=dina_director, at=APPROVED_AT)

    assert held(harbor) == dict.fromkeys(["2027-28", "2028-29", "2029-30", "2030-31", "2031-32"], FULL_YEAR)


def test_award_made_tells_the_apps_above_and_logs_last(line, dina_director):
    told = []

    def listen(sender, award, actor, at, **kwargs):
        told.append((award.years.count(), actor, at))

    award_made.connect(listen)
    try:
        award = make_award(line, actor=dina_director, at=APPROVED_AT)
    finally:
        award_made.disconnect(listen)

    assert told == [(5, dina_director, APPROVED_AT)]
    assert Entry.objects.latest("sequence").summary == (f"Awarded $1,250,000 over five years to {award.site}.")


def test_award_that_starts_on_a_leap_day_has_years_without_gaps(harbor, dina_director):
    line = a_recommendation(harbor, first_year_starts_on=date(2028, 2, 29))

    award = make_award(line, actor=dina_director, at=APPROVED_AT)

    years = list(award.years.all())
    assert [year.starts_on for year in years] == [
        date(2028, 2, 29), date(2029, 3, 1), date(2030, 3, 1), date(2031, 3, 1), date(2032, 2, 29),
    ]  # fmt: skip
    assert all(after.starts_on - before.ends_on == timedelta(days=1) for before, after in pairwise(years))


@pytest.mark.parametrize("person", ["omar_officer", "fay_finance", "sam_stranger"])
def test_award_made_by_anybody_but_a_director_is_refused(line, person, request):
    with pytest.raises(Refused, match="Only a director approves a docket"):
        make_award(line, actor=request.getfixturevalue(person), at=APPROVED_AT)


def test_award_without_a_fiscal_agent_is_refused(line, harbor, dina_director):
    harbor.fiscal_agent = None
    harbor.save()

    with pytest.raises(Refused, match="Harbor County Collaboration has not chosen a fiscal agent yet"):
        make_award(line, actor=dina_director, at=APPROVED_AT)


def test_award_for_a_declined_line_is_refused(line, dina_director):
    line.decision = Decision.DECLINE

    with pytest.raises(Refused, match="The docket recommends no money"):
        make_award(line, actor=dina_director, at=APPROVED_AT)


def test_award_made_twice_for_one_proposal_is_refused(line, dina_director):
    award = make_award(line, actor=dina_director, at=APPROVED_AT)

    with pytest.raises(Refused, match=f"already has an award for this proposal, {award.reference}"):
        make_award(line, actor=dina_director, at=APPROVED_AT)


def test_award_refused_leaves_nothing_behind(harbor, line, dina_director):
    make_award(line, actor=dina_director, at=APPROVED_AT)
    second = a_recommendation(harbor, amounts=(Decimal("1.00"),) * 5)
    entries = Entry.objects.count()

    with pytest.raises(Refused):
        make_award(second, actor=dina_director, at=APPROVED_AT)

    assert (Award.objects.count(), AwardYear.objects.count(), Entry.objects.count()) == (1, 5, entries)
    assert held(harbor)["2027-28"] == FULL_YEAR


# What may happen from each state; every other step is refused. "activate" and the rest are asked of those who may.
GRID = {
    AwardState.APPROVED: {"offer": AwardState.OFFERED, "terminate": AwardState.TERMINATED},
    AwardState.OFFERED: {
        "activate": AwardState.ACTIVE, "terminate": AwardState.TERMINATED, "withdraw": AwardState.WITHDRAWN,
    },
    AwardState.ACTIVE: {
        "close": AwardState.CLOSED, "terminate": AwardState.TERMINATED, "withdraw": AwardState.WITHDRAWN,
    },
    AwardState.CLOSED: {},
    AwardState.TERMINATED: {},
    AwardState.WITHDRAWN: {},
}  # fmt: skip


@pytest.mark.parametrize("step", ["offer", "activate", "close", "terminate", "withdraw"])
@pytest.mark.parametrize("state", AwardState)
def test_award_step_from_each_state(state, step, omar_officer, dina_director, lea_site_lead):
    award = an_award(state=state, lead=lea_site_lead)
    for payment in Payment.objects.filter(award_year__award=award, state=PaymentState.SCHEDULED):
        a_payment(payment, state=PaymentState.CANCELLED)
    accept_reports(award, omar_officer)
    if step == "close" and state == AwardState.ACTIVE:
        settle(award, omar_officer)
    actor = {"terminate": dina_director, "withdraw": lea_site_lead}.get(step, omar_officer)
    expected = GRID[state].get(step)

    if expected:
        assert AWARD.perform(award, step, actor=actor, at=APPROVED_AT, comment="Agreed.").state == expected
    else:
        with pytest.raises(Refused, match="is not possible now"):
            AWARD.perform(award, step, actor=actor, at=APPROVED_AT, comment="Agreed.")


@pytest.mark.parametrize(
    ("step", "state", "may"),
    [
        ("offer", AwardState.APPROVED, {"omar_officer"}),
        ("activate", AwardState.OFFERED, {"omar_officer", "dina_director"}),
        ("close", AwardState.ACTIVE, {"omar_officer"}),
        ("terminate", AwardState.ACTIVE, {"dina_director"}),
        ("withdraw", AwardState.ACTIVE, {"lea_site_lead"}),
    ],
)
@pytest.mark.parametrize(
    "person", ["omar_officer", "dina_director", "fay_finance", "otto_auditor", "ada_admin", "lea_site_lead"]
)
def test_award_step_belongs_to_its_role(step, state, may, person, lea_site_lead, request):
    user = request.getfixturevalue(person)
    award = an_award(state=state, lead=lea_site_lead)

    assert bool(AWARD.by_name[step].may(award, user)) == (person in may)


def test_award_activated_schedules_a_payment_per_year_with_its_conditions(omar_officer):
    award = an_award(state=AwardState.OFFERED)

    AWARD.perform(award, "activate", actor=omar_officer, at=APPROVED_AT)

    payments = Payment.objects.filter(award_year__award=award).order_by("due_on")
    told = [
        (
            each.number,
            each.amount,
            each.due_on,
            each.state,
            [(condition.kind, condition.met_at) for condition in each.conditions.all()],
        )
        for each in payments
    ]
    agreement = (ConditionKind.AGREEMENT_SIGNED, APPROVED_AT)
    report = (ConditionKind.REPORT_ACCEPTED, None)
    assert told == [
        (1, FULL_YEAR, date(2027, 7, 1), PaymentState.SCHEDULED, [agreement]),
        (1, FULL_YEAR, date(2028, 7, 1), PaymentState.SCHEDULED, [agreement, report]),
        (1, FULL_YEAR, date(2029, 7, 1), PaymentState.SCHEDULED, [agreement, report]),
        (1, FULL_YEAR, date(2030, 7, 1), PaymentState.SCHEDULED, [agreement, report]),
        (1, FULL_YEAR, date(2031, 7, 1), PaymentState.SCHEDULED, [agreement, report]),
    ]
    assert set(award.years.values_list("scheduled", flat=True)) == {FULL_YEAR}


def test_award_activated_with_an_empty_year_schedules_nothing_for_it():
    award = an_award(amounts=(FULL_YEAR, Decimal(0), FULL_YEAR, Decimal(0), HALF))

    assert list(
        Payment.objects.filter(award_year__award=award).values_list("award_year__number", flat=True).order_by("due_on")
    ) == [1, 3, 5]


def test_award_terminated_cancels_what_was_not_released_and_gives_it_back(dina_director, harbor):
    award = an_award(harbor)
    first, second, third, fourth, fifth = Payment.objects.filter(award_year__award=award)
    for payment in (second, third, fourth):
        payment.conditions.update(met_at=APPROVED_AT)
    a_payment(first, state=PaymentState.PAID)
    a_payment(second, state=PaymentState.CLEARED)
    a_payment(third, state=PaymentState.PREPARED)
    a_payment(fourth, state=PaymentState.HELD)

    AWARD.perform(award, "terminate", actor=dina_director, at=APPROVED_AT, comment="The district left.")

    assert list(Payment.objects.filter(award_year__award=award).values_list("state", flat=True)) == [
        PaymentState.PAID,
        PaymentState.CLEARED,
        PaymentState.CANCELLED,
        PaymentState.CANCELLED,
        PaymentState.CANCELLED,
    ]
    assert held(harbor) == {"2027-28": FULL_YEAR, "2028-29": FULL_YEAR}
    fifth.refresh_from_db()
    assert fifth.award_year.scheduled == 0


def test_award_terminated_makes_room_for_another(dina_director, harbor):
    award = an_award(harbor)
    AWARD.perform(award, "terminate", actor=dina_director, at=APPROVED_AT, comment="The district left.")

    another = an_award(harbor)

    assert another.amount == FULL_YEAR * 5
    assert held(harbor)["2031-32"] == FULL_YEAR


def test_award_terminated_before_it_was_announced_stays_unknown_to_the_team(dina_director, lea_site_lead):
    award = an_award(state=AwardState.APPROVED, lead=lea_site_lead)

    AWARD.perform(award, "terminate", actor=dina_director, at=APPROVED_AT, comment="Approved by mistake.")

    assert not Award.objects.visible_to(lea_site_lead).exists()


def test_award_with_payments_on_their_way_cannot_be_closed(omar_officer):
    award = an_award(amounts=(FULL_YEAR, Decimal(0), Decimal(0), Decimal(0), Decimal(0)))
    payment = Payment.objects.get(award_year__award=award)
    accept_reports(award, omar_officer)
    settle(award, omar_officer)

    assert obstacles_to_closing(award) == [
        f"{payment.reference}, $250,000, is scheduled. It has to be paid or cancelled."
    ]
    with pytest.raises(Refused, match="It has to be paid or cancelled"):
        AWARD.perform(award, "close", actor=omar_officer, at=APPROVED_AT)


def test_award_with_something_unfinished_in_a_higher_app_cannot_be_closed():
    award = an_award(state=AwardState.OFFERED)

    def reports(asked, at):
        yield TimelineItem(1, date(2028, 8, 29), "Report", unfinished="The report for year 1 is not accepted yet.")

    provides_timeline(reports)
    try:
        reasons = obstacles_to_closing(award)
    finally:
        _providers.remove(reports)

    assert "The report for year 1 is not accepted yet." in reasons


def test_award_closed_gives_back_what_was_not_paid(omar_officer, harbor):
    award = an_award(harbor)
    first, *others = Payment.objects.filter(award_year__award=award)
    a_payment(first, state=PaymentState.PAID)
    for payment in others:
        a_payment(payment, state=PaymentState.CANCELLED)
    accept_reports(award, omar_officer)
    settle(award, omar_officer)

    AWARD.perform(award, "close", actor=omar_officer, at=APPROVED_AT)

    assert held(harbor) == {"2027-28": FULL_YEAR}


def test_reconciliation_says_where_the_money_of_each_year_is():
    award = an_award()
    first, second, *_ = Payment.objects.filter(award_year__award=award)
    a_payment(first, state=PaymentState.PAID)
    a_payment(second, state=PaymentState.CANCELLED)

    found = reconciliation(award)

    assert [
        (number, line.awarded, line.scheduled, line.cleared, line.paid, line.remaining)
        for number, line in list(found.by_year.items())[:3]
    ] == [
        (1, FULL_YEAR, 0, 0, FULL_YEAR, 0),
        (2, FULL_YEAR, 0, 0, 0, FULL_YEAR),
        (3, FULL_YEAR, FULL_YEAR, 0, 0, 0),
    ]
    together = found.together
    assert (together.awarded, together.scheduled, together.paid, together.remaining) == (
        FULL_YEAR * 5, FULL_YEAR * 3, FULL_YEAR, FULL_YEAR,
    )  # fmt: skip


def test_envelope_counts_what_an_ended_award_was_paid(dina_director):
    award = an_award(envelope=FULL_YEAR * 5)
    a_payment(Payment.objects.filter(award_year__award=award).first(), state=PaymentState.PAID)
    docket = a_recommendation(round=award.round).docket
    assert awarded_elsewhere(docket) == FULL_YEAR * 5

    AWARD.perform(award, "terminate", actor=dina_director, at=APPROVED_AT, comment="The district left.")

    assert awarded_elsewhere(docket) == FULL_YEAR
    assert over_envelope(docket) == [
        "This docket commits $1,250,000, and $250,000 of the round is already awarded. "
        "That is $250,000 more than the envelope of $1,250,000."
    ]
