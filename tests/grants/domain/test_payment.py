"""Payments: conditions, two persons, holds, instalments, and the rows that cannot exist."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from grants.domain.instalment import schedule_payment
from grants.domain.payment import meet_condition, record_paid
from grants.domain.queries.payment import needs, obstacles_to_paying, standing, told
from grants.enums import AwardState, ConditionKind, PaymentState
from grants.models import Payment, PaymentCondition, SiteCommitment
from grants.workflow import AWARD, PAYMENT
from portal.access import Refused
from portal.activity.models import Entry
from tests.factories.awards import APPROVED_AT, FULL_YEAR, a_payment, an_award

pytestmark = pytest.mark.django_db
S = PaymentState

# What may happen from each state; every other step is refused.
GRID = {
    S.SCHEDULED: {"prepare": S.PREPARED, "hold": S.HELD, "cancel": S.CANCELLED, "end_with_award": S.CANCELLED},
    S.PREPARED: {"release": S.CLEARED, "send_back": S.SCHEDULED, "hold": S.HELD, "end_with_award": S.CANCELLED},
    S.CLEARED: {"record_paid": S.PAID, "hold": S.HELD},
    S.PAID: {"void": S.VOIDED},
    S.HELD: {"resume": S.SCHEDULED, "cancel": S.CANCELLED, "end_with_award": S.CANCELLED},
    S.CANCELLED: {},
    S.VOIDED: {},
}
STEPS = ["prepare", "release", "send_back", "record_paid", "hold", "resume", "cancel", "void", "end_with_award"]


def take(payment, step, actor):
    facts = {"paid_on": APPROVED_AT.date(), "bank_reference": "ACH 7"} if step == "record_paid" else {}
    return PAYMENT.perform(payment, step, actor=actor, at=APPROVED_AT, comment="Because.", **facts)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", PaymentState)
def test_payment_step_from_each_state(state, step, finn_finance, dina_director):
    payment = a_payment(state=state)
    actor = dina_director if step == "end_with_award" else finn_finance
    expected = GRID[state].get(step)

    if expected:
        assert take(payment, step, actor).state == expected
    else:
        with pytest.raises(Refused, match="is not possible now"):
            take(payment, step, actor)


@pytest.mark.parametrize(
    ("step", "may"),
    [
        ("prepare", {"fay_finance"}),
        ("release", {"fay_finance"}),
        ("send_back", {"fay_finance"}),
        ("record_paid", {"fay_finance"}),
        ("hold", {"fay_finance", "omar_officer"}),
        ("resume", {"fay_finance", "omar_officer"}),
        ("cancel", {"fay_finance"}),
        ("void", {"fay_finance"}),
        ("end_with_award", {"dina_director"}),
    ],
)
@pytest.mark.parametrize(
    "person", ["fay_finance", "omar_officer", "dina_director", "otto_auditor", "ada_admin", "sam_stranger"]
)
def test_payment_step_belongs_to_its_role(step, may, person, request):
    user = request.getfixturevalue(person)

    assert bool(PAYMENT.by_name[step].may(a_payment(), user)) == (person in may)


def test_payment_prepared_freezes_payee_and_tax_status(fay_finance):
    payment = a_payment()
    award = payment.award_year.award

    payment = PAYMENT.perform(payment, "prepare", actor=fay_finance, at=APPROVED_AT)

    assert (payment.payee_name, payment.payee_ein, payment.payee_tax_status) == (
        award.payee_name, award.payee_ein, award.payee_tax_status,
    )  # fmt: skip
    assert (payment.prepared_by, payment.prepared_at) == (fay_finance, APPROVED_AT)


def test_payment_released_by_its_preparer_is_refused(fay_finance):
    payment = a_payment(state=S.PREPARED, preparer=fay_finance)

    with pytest.raises(Refused, match="You prepared this payment, so somebody else has to release it"):
        PAYMENT.perform(payment, "release", actor=fay_finance, at=APPROVED_AT)


def test_payment_released_by_a_second_person_is_cleared(fay_finance, finn_finance):
    payment = a_payment(state=S.PREPARED, preparer=fay_finance)

    payment = PAYMENT.perform(payment, "release", actor=finn_finance, at=APPROVED_AT)

    assert (payment.state, payment.prepared_by, payment.released_by) == (S.CLEARED, fay_finance, finn_finance)


@pytest.mark.parametrize("step", ["send_back", "hold"])
def test_payment_taken_back_forgets_who_prepared_it_and_for_whom(step, fay_finance):
    payment = a_payment(state=S.PREPARED)

    payment = PAYMENT.perform(payment, step, actor=fay_finance, at=APPROVED_AT, comment="Wrong bank.")

    assert (payment.prepared_by, payment.prepared_at, payment.released_by, payment.released_at) == (None,) * 4
    assert (payment.payee_name, payment.payee_ein, payment.payee_tax_status) == ("", "", "")


def test_payment_held_after_release_has_to_be_prepared_and_released_again(fay_finance, finn_finance):
    payment = a_payment(state=S.CLEARED, preparer=fay_finance, releaser=finn_finance)
    payment = PAYMENT.perform(payment, "hold", actor=fay_finance, at=APPROVED_AT, comment="The bank asked.")
    payment = PAYMENT.perform(payment, "resume", actor=fay_finance, at=APPROVED_AT)
    assert (payment.state, payment.hold_reason) == (S.SCHEDULED, "")

    payment = PAYMENT.perform(payment, "prepare", actor=finn_finance, at=APPROVED_AT)

    with pytest.raises(Refused, match="You prepared this payment"):
        PAYMENT.perform(payment, "release", actor=finn_finance, at=APPROVED_AT)


@pytest.mark.parametrize("step", ["hold", "send_back", "cancel", "void"])
def test_payment_step_without_its_reason_is_refused(step, fay_finance):
    payment = a_payment(state={"send_back": S.PREPARED, "void": S.PAID}.get(step, S.SCHEDULED))

    with pytest.raises(Refused, match="Say why"):
        PAYMENT.perform(payment, step, actor=fay_finance, at=APPROVED_AT, comment="  ")


def test_payment_of_a_later_year_waits_for_the_report(fay_finance):
    award = an_award()
    second = Payment.objects.get(award_year__award=award, award_year__number=2)

    assert obstacles_to_paying(second) == ["The report for year 1 is not accepted yet."]
    with pytest.raises(Refused, match="The report for year 1 is not accepted yet"):
        PAYMENT.perform(second, "prepare", actor=fay_finance, at=APPROVED_AT)


def test_condition_met_clears_the_payments_of_that_year_only(fay_finance):
    award = an_award()

    assert meet_condition(award, 2, ConditionKind.REPORT_ACCEPTED, at=APPROVED_AT) == 1
    assert meet_condition(award, 2, ConditionKind.REPORT_ACCEPTED, at=APPROVED_AT) == 0
    assert meet_condition(award, 6, ConditionKind.REPORT_ACCEPTED, at=APPROVED_AT) == 0

    payments = Payment.objects.filter(award_year__award=award)
    assert [obstacles_to_paying(each) == [] for each in payments] == [True, True, False, False, False]


@pytest.fixture
def kept(dina_director):
    """A payment that was released before its award was ended early."""
    payment = a_payment(state=S.CLEARED)
    AWARD.perform(payment.award_year.award, "terminate", actor=dina_director, at=APPROVED_AT, comment="It left.")
    return payment


def held_by(payment) -> list:
    return list(SiteCommitment.objects.filter(site=payment.award_year.award.site).values_list("amount", flat=True))


def test_payment_released_before_its_award_ended_can_be_paid(kept, fay_finance):
    paid = record_paid(kept, actor=fay_finance, at=APPROVED_AT, paid_on=APPROVED_AT.date(), bank_reference="ACH 1")

    assert (paid.state, held_by(kept)) == (S.PAID, [FULL_YEAR])


def test_payment_held_after_its_award_ended_is_prepared_and_released_again_by_two(kept, fay_finance, finn_finance):
    payment = PAYMENT.perform(kept, "hold", actor=fay_finance, at=APPROVED_AT, comment="Stop it.")
    payment = PAYMENT.perform(payment, "resume", actor=fay_finance, at=APPROVED_AT)
    assert needs(payment, fay_finance) == [
        "Ready to prepare again: it had been released before the award ended. It can be cancelled instead."
    ]
    assert [(each.key, each.count) for each in standing(Payment.objects.all()) if each.count] == [("ready", 1)]
    payment = PAYMENT.perform(payment, "prepare", actor=fay_finance, at=APPROVED_AT)

    with pytest.raises(Refused, match="You prepared this payment"):
        PAYMENT.perform(payment, "release", actor=fay_finance, at=APPROVED_AT)

    assert PAYMENT.perform(payment, "release", actor=finn_finance, at=APPROVED_AT).state == S.CLEARED
    assert held_by(kept) == [FULL_YEAR]


@pytest.mark.parametrize("lifted", [True, False])
def test_payment_held_after_its_award_ended_and_cancelled_leaves_what_the_site_holds(lifted, kept, fay_finance):
    payment = PAYMENT.perform(kept, "hold", actor=fay_finance, at=APPROVED_AT, comment="Stop it.")
    if lifted:
        payment = PAYMENT.perform(payment, "resume", actor=fay_finance, at=APPROVED_AT)

    payment = PAYMENT.perform(payment, "cancel", actor=fay_finance, at=APPROVED_AT, comment="It ended.")

    assert needs(payment, fay_finance) == ["Cancelled. The money went back to the envelope."]
    assert held_by(kept) == []


def test_payment_of_an_award_that_ended_early_cannot_be_scheduled(kept, fay_finance):
    year = kept.award_year.award.years.get(number=2)

    with pytest.raises(Refused, match="Only an active award gets payments"):
        schedule_payment(year, amount=FULL_YEAR, due_on=year.starts_on, actor=fay_finance, at=APPROVED_AT)


def test_payment_recorded_as_paid_keeps_day_and_bank_reference(fay_finance):
    payment = a_payment(state=S.CLEARED)

    payment = record_paid(
        payment, actor=fay_finance, at=APPROVED_AT, paid_on=APPROVED_AT.date(), bank_reference=" ACH 0042 "
    )

    assert (payment.state, payment.paid_on, payment.bank_reference) == (S.PAID, date(2027, 4, 5), "ACH 0042")


@pytest.mark.parametrize(
    ("paid_on", "bank_reference", "field"),
    [
        (date(2027, 4, 6), "ACH 1", "paid_on"),
        (date(2027, 4, 4), "ACH 1", "paid_on"),
        (date(2027, 4, 5), "  ", "bank_reference"),
    ],
)
def test_payment_recorded_with_impossible_facts_is_refused_beside_the_field(
    paid_on, bank_reference, field, fay_finance
):
    payment = a_payment(state=S.CLEARED)

    with pytest.raises(ValidationError) as error:
        record_paid(payment, actor=fay_finance, at=APPROVED_AT, paid_on=paid_on, bank_reference=bank_reference)

    assert list(error.value.error_dict) == [field]
    assert Payment.objects.get(pk=payment.pk).state == S.CLEARED


def test_payment_cancelled_can_be_scheduled_again_in_parts(fay_finance):
    payment = a_payment()
    year = payment.award_year
    PAYMENT.perform(payment, "cancel", actor=fay_finance, at=APPROVED_AT, comment="In two parts.")
    half = FULL_YEAR / 2

    first = schedule_payment(year, amount=half, due_on=date(2027, 7, 1), actor=fay_finance, at=APPROVED_AT)
    second = schedule_payment(year, amount=half, due_on=date(2028, 1, 3), actor=fay_finance, at=APPROVED_AT)

    assert [(each.number, each.amount, each.state) for each in (first, second)] == [
        (2, half, S.SCHEDULED),
        (3, half, S.SCHEDULED),
    ]
    assert [obstacles_to_paying(each) for each in (first, second)] == [[], []]
    year.refresh_from_db()
    assert year.scheduled == FULL_YEAR
    assert Entry.objects.latest("sequence").summary == "Scheduled $125,000 for 2027-28, due 3 Jan 2028."


def test_payment_scheduled_after_the_report_was_accepted_does_not_wait_for_it(fay_finance):
    award = an_award()
    payment = Payment.objects.get(award_year__award=award, award_year__number=2)
    meet_condition(award, 2, ConditionKind.REPORT_ACCEPTED, at=APPROVED_AT)
    PAYMENT.perform(payment, "cancel", actor=fay_finance, at=APPROVED_AT, comment="Another amount.")

    again = schedule_payment(
        payment.award_year, amount=FULL_YEAR, due_on=date(2028, 7, 1), actor=fay_finance, at=APPROVED_AT
    )

    assert obstacles_to_paying(again) == []


@pytest.mark.parametrize(
    ("amount", "due_on", "words"),
    [
        ("0.01", date(2027, 7, 1), "2027-28 has $0 left to schedule. This is $0.01 more than that."),
        ("0", date(2027, 7, 1), "Enter an amount above zero."),
        ("1", date(2027, 6, 30), "2027-28 starts on 1 Jul 2027. Choose that day or a later one."),
    ],
)
def test_payment_scheduled_beyond_the_year_is_refused(amount, due_on, words, fay_finance):
    year = an_award().years.first()

    with pytest.raises(ValidationError) as error:
        schedule_payment(year, amount=Decimal(amount), due_on=due_on, actor=fay_finance, at=APPROVED_AT)

    assert words in error.value.messages


@pytest.mark.parametrize("state", [AwardState.APPROVED, AwardState.OFFERED, AwardState.CLOSED, AwardState.TERMINATED])
def test_payment_of_an_award_that_is_not_active_is_refused(state, fay_finance):
    year = an_award(state=state).years.first()

    with pytest.raises(Refused, match="Only an active award gets payments"):
        schedule_payment(year, amount=Decimal("1.00"), due_on=date(2027, 7, 1), actor=fay_finance, at=APPROVED_AT)


@pytest.mark.parametrize("person", ["omar_officer", "dina_director", "lea_site_lead"])
def test_payment_scheduled_by_anybody_but_finance_is_refused(person, request):
    year = an_award().years.first()

    with pytest.raises(Refused, match="Only finance officers prepare payments"):
        schedule_payment(
            year,
            amount=Decimal("1.00"),
            due_on=date(2027, 7, 1),
            actor=request.getfixturevalue(person),
            at=APPROVED_AT,
        )


def test_needs_say_what_each_state_waits_for(fay_finance, finn_finance):
    preparer = {"preparer": fay_finance, "releaser": finn_finance}

    assert {state: needs(a_payment(state=state, **preparer), finn_finance) for state in PaymentState} == {
        S.SCHEDULED: ["Ready to prepare."],
        S.PREPARED: ["Prepared by Fay Finance. A second finance officer has to release it."],
        S.CLEARED: ["Released by Finn Finance. Record it once the bank has paid."],
        S.PAID: ["Paid on 5 Apr 2027, bank reference ACH 0042."],
        S.HELD: ["On hold: The bank details are being checked."],
        S.CANCELLED: ["Cancelled. The money went back to the award year."],
        S.VOIDED: ["Voided: The check was never cashed. The money went back to the award year."],
    }


def test_needs_tell_the_preparer_that_somebody_else_has_to_release(fay_finance):
    payment = a_payment(state=S.PREPARED, preparer=fay_finance)

    assert needs(payment, fay_finance) == ["You prepared this payment, so somebody else has to release it."]


def test_standing_adds_up_what_is_clear_and_what_waits():
    first, second, third, *_ = Payment.objects.filter(award_year__award=an_award())
    a_payment(second, state=S.HELD)
    a_payment(third, state=S.CANCELLED)
    a_payment(state=S.CLEARED)
    a_payment(state=S.PAID)

    found = {each.label: (each.count, each.amount) for each in standing(Payment.objects.all())}

    assert found == {
        "Waiting for a condition": (10, FULL_YEAR * 10),
        "Ready to prepare": (1, FULL_YEAR),
        "Waiting for release": (0, Decimal(0)),
        "Cleared, not in a batch": (1, FULL_YEAR),
        "In a batch at the bank": (0, Decimal(0)),
        "On hold": (1, FULL_YEAR),
    }
    assert first.state == S.SCHEDULED


def test_told_payments_need_no_query_each(fay_finance, django_assert_num_queries):
    an_award()
    with django_assert_num_queries(2):
        words = [needs(each, fay_finance) for each in told(Payment.objects.all())]

    assert len(words) == 5


def test_payment_is_seen_by_its_team_once_announced_and_by_nobody_elses(lea_site_lead, sam_stranger, omar_officer):
    an_award(lead=lea_site_lead)

    assert Payment.objects.visible_to(lea_site_lead).count() == 5
    assert Payment.objects.visible_to(omar_officer).count() == 5
    assert Payment.objects.visible_to(sam_stranger).count() == 0


def test_conditions_are_met_at_the_moment_the_report_was_accepted():
    award = an_award()
    later = APPROVED_AT + timedelta(days=500)

    meet_condition(award, 2, ConditionKind.REPORT_ACCEPTED, at=later)

    condition = PaymentCondition.objects.get(
        payment__award_year__award=award, payment__award_year__number=2, kind=ConditionKind.REPORT_ACCEPTED
    )
    assert condition.met_at == later
