"""Amendments that move money: what passes by itself, what finance makes room for first, and the ceilings that hold."""

from decimal import Decimal

import pytest

from grants.domain.amendment import request_amendment
from grants.domain.award_version import content_of
from grants.domain.instalment import change_instalment, schedule_payment
from grants.domain.queries.amendment import obstacles_to_requesting, present_grid, reasons_for_decision
from grants.domain.queries.todo_amendment import room_to_make
from grants.enums import AmendmentKind, AmendmentState, PaymentState
from grants.models import AwardYear, Payment, SiteCommitment
from grants.workflow import AMENDMENT
from portal import clock
from portal.access import Refused
from portal.mail.models import Message
from tests.factories.amendments import ASKED_AT, FIVE_THOUSAND, an_amendment, moved
from tests.factories.awards import a_payment, an_award
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
MOVE, S = AmendmentKind.MOVE_MONEY, AmendmentState
HUNDRED = Decimal("100000.00")


@pytest.fixture(autouse=True)
def _spring():
    with clock.at(ASKED_AT):
        yield


@pytest.fixture
def award(lea_site_lead):
    return an_award(a_site(lea_site_lead, name="Harbor County Collaboration"), amounts=(HUNDRED,) * 5)


def a_move(award, grid, **rest):
    return an_amendment(award, kind=MOVE, amounts=grid, **rest)


def years_of(award):
    return dict(award.years.values_list("number", "amount"))


def held(award):
    return dict(SiteCommitment.objects.filter(site=award.site).values_list("school_year", "amount"))


def lower(award, number, amount, fay):
    payment = Payment.objects.get(award_year__award=award, award_year__number=number)
    change_instalment(payment, amount=amount, due_on=payment.due_on, actor=fay, at=ASKED_AT)


def test_small_move_inside_a_year_passes_at_once(award, lea_site_lead, omar_officer):
    before = content_of(award)

    amendment = request_amendment(a_move(award, moved(award)), actor=lea_site_lead, at=ASKED_AT)

    assert (amendment.state, amendment.needs_approval, amendment.decided_by) == (S.APPROVED, False, None)
    first = {each.component_id: each.amount for each in award.years.first().allocations.all()}
    assert first == {
        "collaboration": Decimal("35000.00"), "partnerships": Decimal("41000.00"), "coherence": Decimal("24000.00"),
    }  # fmt: skip
    assert years_of(award) == dict.fromkeys(range(1, 6), HUNDRED)
    versions = list(award.versions.values_list("number", "content", "amendment"))
    assert versions == [(1, before, None), (2, content_of(award), amendment.pk)]
    told = set(Message.objects.filter(key__startswith="amendment_approved:").values_list("to", flat=True))
    assert {lea_site_lead.email, award.recommended_by.email, award.approved_by.email} <= told


def test_small_moves_add_up_over_the_year_and_then_need_a_decision(award, lea_site_lead):
    request_amendment(a_move(award, moved(award, Decimal("6000"))), actor=lea_site_lead, at=ASKED_AT)

    second = a_move(award, moved(award, Decimal("4000.01")))

    assert reasons_for_decision(second) == [
        "In year 1, $4,000.01 would move between components on top of $6,000 that moved before. "
        "Up to $10,000 in that year passes without a decision."
    ]
    assert request_amendment(second, actor=lea_site_lead, at=ASKED_AT).state == S.REQUESTED


def test_move_a_director_approved_leaves_the_free_share_as_it_was(award, lea_site_lead):
    an_amendment(award, kind=MOVE, amounts=moved(award, Decimal("20000")), state=S.APPROVED)

    assert reasons_for_decision(a_move(award, moved(award, Decimal("10000")))) == []


def test_move_between_years_needs_a_decision_however_small(award):
    amendment = a_move(award, moved(award, Decimal("0.01"), year=1, to=2))

    assert reasons_for_decision(amendment) == [
        "Money moves from one year to another: that is always decided by people."
    ]


def test_move_between_years_waits_until_finance_made_room(award, omar_officer, dina_director, fay_finance):
    amendment = an_amendment(award, kind=MOVE, amounts=moved(award, FIVE_THOUSAND, year=2, to=3), state=S.RECOMMENDED)
    in_the_way = (
        "Year 2 would have $95,000, and $100,000 of it is paid or scheduled. "
        "Finance first lowers or cancels scheduled payments by $5,000."
    )
    assert [each.text for each in room_to_make(fay_finance, ASKED_AT)] == [
        f"Lower scheduled payments by $5,000 for amendment {amendment.reference}"
    ]
    with pytest.raises(Refused, match="Finance first lowers"):
        AMENDMENT.perform(amendment, "approve", actor=dina_director, at=ASKED_AT)
    assert AMENDMENT.verdict(amendment, "approve", dina_director).reason == in_the_way

    lower(award, 2, Decimal("95000"), fay_finance)
    AMENDMENT.perform(amendment, "approve", actor=dina_director, at=ASKED_AT)

    assert years_of(award) == {1: HUNDRED, 2: Decimal("95000"), 3: Decimal("105000"), 4: HUNDRED, 5: HUNDRED}
    assert (held(award)["2028-29"], held(award)["2029-30"]) == (Decimal("95000"), Decimal("105000"))
    third = award.years.get(number=3)
    added = schedule_payment(third, amount=FIVE_THOUSAND, due_on=third.starts_on, actor=fay_finance, at=ASKED_AT)
    assert added.amount == FIVE_THOUSAND


def test_move_below_what_is_paid_or_on_its_way_cannot_be_asked_for(award, fay_finance):
    payment = Payment.objects.get(award_year__award=award, award_year__number=1)
    a_payment(payment, state=PaymentState.PREPARED)

    amendment = a_move(award, moved(award, FIVE_THOUSAND, year=1, to=2))

    assert obstacles_to_requesting(amendment) == [
        "Of year 1, $100,000 is paid or on its way to the bank. It cannot go below that."
    ]


def test_move_keeps_the_sum_and_the_ceiling_of_a_year(award):
    grid = moved(award, FIVE_THOUSAND, year=1, to=2)
    grid[2, "coherence"] += Decimal("200000")

    assert obstacles_to_requesting(a_move(award, grid)) == [
        "The new amounts come to $700,000, $200,000 more than the award. A move keeps the sum at $500,000: take that "
        "away somewhere.",
        "Year 2 would get $305,000. An award year holds $250,000 at most.",
    ]


def test_move_past_what_the_site_may_hold_from_all_its_awards_is_refused(award, omar_officer, dina_director):
    an_award(award.site, amounts=(HUNDRED, Decimal("150000"), HUNDRED, HUNDRED, HUNDRED))

    amendment = a_move(award, moved(award, FIVE_THOUSAND, year=1, to=2))

    assert obstacles_to_requesting(amendment) == [
        "Harbor County Collaboration would hold $255,000 in 2028-29. "
        "That is $5,000 over the most it may hold in a year, $250,000."
    ]


def test_move_into_a_year_that_is_over_is_refused_and_out_of_it_is_not(award, lea_site_lead):
    late = ASKED_AT.replace(year=2028, month=9)
    Payment.objects.filter(award_year__award=award).update(state=PaymentState.CANCELLED)
    AwardYear.objects.filter(award=award).update(scheduled=0)
    into = a_move(award, moved(award, FIVE_THOUSAND, year=2, to=1))
    with clock.at(late):
        assert obstacles_to_requesting(into) == [
            "Year 1 ended on 30 Jun 2028. Money that was not used can leave it, but none can come to it or move inside "
            "it."
        ]
        AMENDMENT.perform(into, "withdraw", actor=lea_site_lead, at=late)
        assert obstacles_to_requesting(a_move(award, moved(award, FIVE_THOUSAND, year=1, to=2))) == []


def test_move_of_nothing_cannot_be_asked_for(award):
    assert obstacles_to_requesting(a_move(award, present_grid(award))) == [
        "Nothing would change: every amount is as it is now."
    ]


def test_whole_year_moved_away_leaves_the_ledger_and_comes_back(award, dina_director, fay_finance):
    payments = Payment.objects.filter(award_year__award=award)
    for payment in payments:
        a_payment(payment, state=PaymentState.CANCELLED)
    away = dict(present_grid(award))
    for component in ("collaboration", "partnerships", "coherence"):
        away[4, component] += away.pop((5, component))
    an_amendment(award, kind=MOVE, amounts=away, state=S.APPROVED)
    assert held(award) == {"2027-28": HUNDRED, "2028-29": HUNDRED, "2029-30": HUNDRED, "2030-31": HUNDRED * 2}

    back = dict(present_grid(award))
    for component in ("collaboration", "partnerships", "coherence"):
        back[4, component] /= 2
        back[5, component] = back[4, component]
    an_amendment(award, kind=MOVE, amounts=back, state=S.APPROVED)

    assert held(award) == {f"20{first}-{first + 1}": HUNDRED for first in range(27, 32)}
