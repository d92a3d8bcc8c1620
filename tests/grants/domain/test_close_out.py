"""Closing an award: the check list, the frozen figures, the retention clock and legal holds."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from grants.domain.close_out import save_close_out
from grants.domain.queries.archive import Clock, archived, clock_of, in_state
from grants.domain.queries.close_out import POINTS, check_list, obstacles_to_closing
from grants.domain.queries.todo_amendment import awards_to_close_out
from grants.domain.refund import record_refund
from grants.domain.retention import lift_hold, place_hold
from grants.enums import AgreementState, AwardState, PaymentState
from grants.models import Award, CloseOut, LegalHold, Payment
from grants.workflow import AWARD
from portal.access import Refused
from portal.record import Stale
from tests.factories.agreements import an_agreement
from tests.factories.amendments import an_amendment
from tests.factories.awards import APPROVED_AT, a_payment, accept_reports, an_award, settle

pytestmark = pytest.mark.django_db
THOUSAND = Decimal("1000.00")
AMOUNTS = (THOUSAND * 10,) * 5


@pytest.fixture
def award(lea_site_lead):
    return an_award(amounts=AMOUNTS, lead=lea_site_lead)


@pytest.fixture
def paid_out(award, omar_officer):
    """Its first payment is paid, the others are cancelled, all reports accepted."""
    first, *others = Payment.objects.filter(award_year__award=award).order_by("due_on")
    a_payment(first, state=PaymentState.PAID)
    for payment in others:
        a_payment(payment, state=PaymentState.CANCELLED)
    accept_reports(award, omar_officer)
    return award


def refund(award, amount, fay):
    payment = Payment.objects.get(award_year__award=award, state=PaymentState.PAID)
    record_refund(
        payment, amount=amount, received_on=APPROVED_AT.date(), bank_reference="ACH 7", reason="Unspent.", actor=fay,
        at=APPROVED_AT,
    )  # fmt: skip


def say(award, officer, *, unspent=None, points=(), version=0):
    return save_close_out(
        award, confirmed=dict.fromkeys(points, ""), unspent=unspent, note="", actor=officer, at=APPROVED_AT,
        version=version,
    )  # fmt: skip


def test_check_list_of_an_award_that_runs_names_everything(award):
    an_amendment(award)

    found = {check.key: len(check.missing) for check in check_list(award)}

    assert found == {
        "payments": 5, "reports": 5, "unspent": 1, "agreement": 0, "papers": 0, "amendments": 1, "property": 1,
        "publications": 1, "contact": 1,
    }  # fmt: skip


def test_check_list_waits_for_the_signed_agreement_to_be_stored(omar_officer):
    agreement = an_agreement(state=AgreementState.IN_FORCE)

    papers = next(check for check in check_list(agreement.award) if check.key == "papers")

    assert papers.missing == (
        f"The PDF of agreement {agreement.reference} is still being made.",
        f"The signed PDF of agreement {agreement.reference} is still being made.",
    )


def test_payment_on_hold_is_named_as_such(award, fay_finance):
    payment = Payment.objects.filter(award_year__award=award).first()
    a_payment(payment, state=PaymentState.HELD)

    assert obstacles_to_closing(award)[0] == (
        f"{payment.reference}, $10,000, is on hold. Lift the hold, then it has to be paid or cancelled."
    )


def test_unspent_money_has_to_come_back_after_it_was_stated(paid_out, omar_officer, fay_finance):
    refund(paid_out, THOUSAND, fay_finance)  # for another reason, before
    say(paid_out, omar_officer, unspent=THOUSAND, points=POINTS)
    assert obstacles_to_closing(paid_out) == [
        "$1,000 is unspent and $0 of it has come back. Finance records the refund."
    ]

    refund(paid_out, THOUSAND, fay_finance)

    assert obstacles_to_closing(paid_out) == []


def test_unspent_amount_that_is_corrected_still_counts_what_came_back_since(paid_out, omar_officer, fay_finance):
    say(paid_out, omar_officer, unspent=THOUSAND, points=POINTS)
    refund(paid_out, THOUSAND, fay_finance)

    say(paid_out, omar_officer, unspent=THOUSAND / 2, points=POINTS, version=2)

    assert obstacles_to_closing(paid_out) == []


def test_closing_freezes_the_money_and_starts_the_clock(paid_out, omar_officer, fay_finance):
    say(paid_out, omar_officer, unspent=THOUSAND, points=POINTS)
    refund(paid_out, THOUSAND, fay_finance)

    closed = AWARD.perform(paid_out, "close", actor=omar_officer, at=APPROVED_AT)

    assert (closed.state, closed.retained_until) == (AwardState.CLOSED, date(2034, 4, 5))
    frozen = closed.close_out.reconciliation
    assert frozen["together"] == {
        "awarded": "50000.00", "paid": "10000.00", "refunded": "1000.00", "kept": "9000.00", "returned": "41000.00",
    }  # fmt: skip
    assert [year["returned"] for year in frozen["years"].values()] == ["1000.00", *["10000.00"] * 4]


def test_award_is_not_closed_before_a_person_confirmed_what_only_they_know(paid_out, omar_officer):
    say(paid_out, omar_officer, unspent=Decimal(0), points=("property", "publications"))

    with pytest.raises(Refused, match="Contact for later questions: nobody has confirmed this yet"):
        AWARD.perform(paid_out, "close", actor=omar_officer, at=APPROVED_AT)


@pytest.mark.parametrize("person", ["dina_director", "fay_finance", "otto_auditor", "lea_site_lead"])
def test_close_out_is_the_officers_to_write(award, person, request):
    with pytest.raises(Refused, match="Only program officers manage awards"):
        say(award, request.getfixturevalue(person), unspent=Decimal(0))


def test_point_keeps_who_confirmed_it_first(award, omar_officer, olga_officer):
    say(award, omar_officer, points=("property",))
    say(award, olga_officer, points=("property", "contact"), version=2)

    confirmed = CloseOut.objects.get(award=award).confirmed

    assert {key: said["by"] for key, said in confirmed.items()} == {
        "property": str(omar_officer), "contact": str(olga_officer),
    }  # fmt: skip


def test_close_out_saved_by_a_colleague_meanwhile_is_stale(award, omar_officer, olga_officer):
    say(award, omar_officer)

    with pytest.raises(Stale):
        say(award, olga_officer)


def test_close_out_refuses_unknown_points_and_ended_awards(award, omar_officer, dina_director):
    with pytest.raises(ValidationError, match="There is no such point"):
        say(award, omar_officer, points=("weather",))
    AWARD.perform(award, "terminate", actor=dina_director, at=APPROVED_AT, comment="It is over.")
    with pytest.raises(Refused, match="Only an active award is closed out"):
        say(award, omar_officer)


@pytest.mark.parametrize("state", [AwardState.TERMINATED, AwardState.WITHDRAWN, AwardState.CLOSED])
def test_award_that_ended_any_way_has_its_papers_kept_for_seven_years(state):
    award = an_award(amounts=AMOUNTS, state=state)

    assert award.retained_until == date(2034, 4, 5)
    assert [each.pk for each in archived(Award.objects.all())] == [award.pk]


def test_award_that_runs_has_no_clock_also_in_the_database(award):
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.filter(pk=award.pk).update(retained_until=date(2034, 4, 5))


def test_archive_tells_kept_from_held_and_from_over(dina_director):
    award = an_award(amounts=AMOUNTS, state=AwardState.TERMINATED)
    last, after = award.retained_until, award.retained_until + timedelta(days=1)
    rows = archived(Award.objects.all())

    def found(today):
        return [clock for clock in Clock if in_state(rows, clock, today).exists()]

    assert (found(last), found(after)) == ([Clock.KEPT], [Clock.OVER])
    assert clock_of(award, is_held=False, today=after) == Clock.OVER
    place_hold(award, reason="A lawsuit.", actor=dina_director, at=APPROVED_AT)
    assert (found(last), found(after)) == ([Clock.HELD], [Clock.HELD])
    assert clock_of(award, is_held=True, today=after) == Clock.HELD


def test_hold_is_placed_once_and_lifted_with_a_reason(award, omar_officer, dina_director):
    hold = place_hold(award, reason="A lawsuit.", actor=omar_officer, at=APPROVED_AT)
    with pytest.raises(Refused, match="stands already"):
        place_hold(award, reason="Another.", actor=dina_director, at=APPROVED_AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalHold.objects.create(award=award, reason="Another.", placed_by=omar_officer, placed_at=APPROVED_AT)
    with pytest.raises(ValidationError, match="Say why"):
        lift_hold(hold, reason=" ", actor=dina_director, at=APPROVED_AT)

    lifted = lift_hold(hold, reason="It was settled.", actor=dina_director, at=APPROVED_AT)

    assert (lifted.lifted_by, lifted.lift_reason) == (dina_director, "It was settled.")
    with pytest.raises(Refused, match="lifted already"):
        lift_hold(hold, reason="Again.", actor=dina_director, at=APPROVED_AT)
    assert place_hold(award, reason="A new one.", actor=omar_officer, at=APPROVED_AT).pk != hold.pk


@pytest.mark.parametrize("person", ["fay_finance", "otto_auditor", "lea_site_lead"])
def test_hold_is_refused_to_everybody_else(award, person, request):
    with pytest.raises(Refused, match="Only program officers and directors place or lift a legal hold"):
        place_hold(award, reason="Mine.", actor=request.getfixturevalue(person), at=APPROVED_AT)


def test_award_whose_last_day_is_over_stands_in_the_officers_list(award, omar_officer, fay_finance):
    late = APPROVED_AT.replace(year=2032, month=9)

    assert [each.text for each in awards_to_close_out(omar_officer, late)] == ["Close out the award"]
    assert list(awards_to_close_out(omar_officer, APPROVED_AT)) == list(awards_to_close_out(fay_finance, late)) == []


def test_settled_award_closes(paid_out, omar_officer):
    settle(paid_out, omar_officer)

    assert AWARD.perform(paid_out, "close", actor=omar_officer, at=APPROVED_AT).state == AwardState.CLOSED
