"""Random officers award, pay, hold, cancel, void, refund and end at will.

After every step the ledger adds up, no ceiling is passed, and every table of the reconciliation adds up to the cent.
"""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from grants.domain.award import make_award
from grants.domain.instalment import change_instalment, schedule_payment, split_instalment
from grants.domain.payment import meet_condition, record_paid
from grants.domain.queries.award import held_from
from grants.domain.queries.reconciliation import balances_by, together
from grants.domain.queries.reconciliation_table import GROUPINGS, table_of
from grants.domain.refund import record_refund
from grants.enums import LIVE_AWARDS, ConditionKind, PaymentState
from grants.models import Award, AwardYear, Payment, SiteCommitment
from grants.workflow import AWARD, PAYMENT
from portal.access import Refused
from portal.accounts.enums import Role
from portal.money import ZERO
from tests.factories.accounts import UserFactory
from tests.factories.awards import APPROVED_AT, FULL_YEAR, a_recommendation, accept_reports
from tests.factories.sites import a_site

# In whole cents; a year's money is often all of it or half, so that ceilings are really met.
cents = st.one_of(st.sampled_from([0, 25_000_000, 12_500_000]), st.integers(1, 25_000_000))
dollars = cents.map(lambda each: Decimal(each) / 100)
PAYMENT_STEPS = ("prepare", "release", "send_back", "record_paid", "hold", "resume", "cancel", "void")


class Ledger(RuleBasedStateMachine):
    """One site, two finance officers, an officer and a director, and as many awards as they try to make."""

    awards = Bundle("awards")

    @initialize(target=awards, amount=dollars)
    def meet(self, amount):
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.lead = UserFactory()
        self.site = a_site(self.lead)
        self.officer = UserFactory(roles=[Role.OFFICER])
        self.director = UserFactory(roles=[Role.DIRECTOR])
        self.finance = [UserFactory(roles=[Role.FINANCE]) for _ in range(2)]
        award = self.award((amount, FULL_YEAR, FULL_YEAR / 2, amount, amount), False, 0)
        self.start(award)
        return award

    def teardown(self):
        """Whatever happened, ending every award that is left keeps exactly what was released."""
        if not hasattr(self, "undone"):
            return
        try:
            for award in Award.objects.filter(site=self.site, state__in=LIVE_AWARDS):
                AWARD.perform(award, "terminate", actor=self.director, at=APPROVED_AT, comment="It is over.")
                self.ledger_is_the_sum_of_the_awards()
            self.payments_stay_within_their_year()
            self._adds_up_by(*GROUPINGS)
        finally:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    @rule(target=awards, amounts=st.tuples(*[dollars] * 5), low=st.booleans(), later=st.integers(0, 2))
    def award(self, amounts, low, later):
        """Awards of rounds with other ceilings and other first years meet in the same school years."""
        ceilings = {"yearly_ceiling": FULL_YEAR / 2, "total_ceiling": FULL_YEAR * 2} if low else {}
        first = date(2027 + later, 7, 1)
        line = a_recommendation(
            self.site, amounts=amounts, officer=self.officer, first_year_starts_on=first, **ceilings
        )
        try:
            with transaction.atomic():
                award = make_award(line, actor=self.director, at=APPROVED_AT)
        except Refused:
            return multiple()
        return award.pk

    @rule(
        award=awards,
        step=st.sampled_from(["offer", "activate", "close", "terminate", "withdraw"]),
        accepted=st.booleans(),
    )
    def step_award(self, award, step, accepted):
        row = Award.objects.get(pk=award)
        if accepted:
            accept_reports(row, self.officer)
        actor = {"terminate": self.director, "withdraw": self.lead}.get(step, self.officer)
        self._try(lambda: AWARD.perform(row, step, actor=actor, at=APPROVED_AT, comment="Because."))

    @rule(award=awards)
    def start(self, award):
        """Most awards are offered and signed, or the payments would hardly be reached."""
        self.step_award(award, "offer", False)
        self.step_award(award, "activate", False)

    @rule(award=awards, pick=st.integers(0, 20), steps=st.integers(1, 3))
    def pay(self, award, pick, steps):
        """The straight way to the bank, by two people, or a part of it."""
        for who, step in ((0, "prepare"), (1, "release"), (0, "record_paid"))[:steps]:
            self._step_payment(award, pick, step, who)

    @rule(award=awards, number=st.integers(2, 5))
    def accept_report(self, award, number):
        meet_condition(Award.objects.get(pk=award), number, ConditionKind.REPORT_ACCEPTED, at=APPROVED_AT)

    @rule(award=awards, pick=st.integers(0, 20), step=st.sampled_from(PAYMENT_STEPS), who=st.integers(0, 1))
    def step_payment(self, award, pick, step, who):
        self._step_payment(award, pick, step, who)

    @rule(award=awards, number=st.integers(1, 5), amount=dollars)
    def schedule(self, award, number, amount):
        year = AwardYear.objects.get(award=award, number=number)
        self._try(
            lambda: schedule_payment(year, amount=amount, due_on=year.starts_on, actor=self.finance[0], at=APPROVED_AT)
        )

    @rule(award=awards, pick=st.integers(0, 20), part=st.sampled_from([1, 3]), amount=dollars)
    def refund(self, award, pick, part, amount):
        """Money comes back: some cents, a third, or all of it."""
        payment = self._pick(award, pick)
        if payment is not None:
            amount = min(amount, payment.amount) if part == 1 else (payment.amount / 3).quantize(Decimal("0.01"))
            self._try(
                lambda: record_refund(
                    payment, amount=amount, received_on=APPROVED_AT.date(), bank_reference="ACH 2", reason="Unspent.",
                    actor=self.finance[1], at=APPROVED_AT,
                )
            )  # fmt: skip

    @rule(award=awards, pick=st.integers(0, 20), amount=dollars, split=st.booleans())
    def plan(self, award, pick, amount, split):
        """An instalment is changed, or a part of it becomes one of its own."""
        payment = self._pick(award, pick)
        if payment is not None:
            act = split_instalment if split else change_instalment
            self._try(lambda: act(payment, amount=amount, due_on=payment.due_on, actor=self.finance[0], at=APPROVED_AT))

    @invariant()
    def no_ceiling_is_passed(self):
        held = list(SiteCommitment.objects.filter(site=self.site))
        assert all(ZERO < row.amount <= row.ceiling <= FULL_YEAR for row in held)
        for award in Award.objects.filter(site=self.site, state__in=LIVE_AWARDS):
            period = set(award.years.values_list("school_year", flat=True))
            assert sum((row.amount for row in held if row.school_year in period), ZERO) <= award.total_ceiling

    @invariant()
    def ledger_is_the_sum_of_the_awards(self):
        awards = Award.objects.filter(site=self.site)
        expected: dict[str, Decimal] = {}
        for year in AwardYear.objects.filter(award__in=awards).select_related("award"):
            amount = year.amount if year.award.is_live else year.scheduled
            expected[year.school_year] = expected.get(year.school_year, ZERO) + amount
        held = dict(SiteCommitment.objects.filter(site=self.site).values_list("school_year", "amount"))
        assert held == {school_year: amount for school_year, amount in expected.items() if amount}
        assert held_from(awards) == sum(held.values(), ZERO)

    @invariant()
    def payments_stay_within_their_year(self):
        for year in AwardYear.objects.filter(award__site=self.site).prefetch_related("payments"):
            gone = {PaymentState.CANCELLED, PaymentState.VOIDED}
            counted = [each.amount - each.refunded for each in year.payments.all() if each.state not in gone]
            assert sum(counted, ZERO) == year.scheduled <= year.amount

    @invariant()
    def the_finest_table_adds_up(self):
        self._adds_up_by("component")

    def _adds_up_by(self, *groupings):
        awards = Award.objects.filter(site=self.site)
        years = AwardYear.objects.filter(award__in=awards)
        expected = together(balances_by(years, "award").values())
        assert expected.awarded == sum((award.amount for award in awards), ZERO)
        for by in groupings:
            table = table_of(years, by)
            assert table.together == expected
            assert all(_adds_up(line.balance) for line in table.lines)

    def _pick(self, award, pick):
        payments = list(Payment.objects.filter(award_year__award=award).order_by("pk"))
        return payments[pick % len(payments)] if payments else None

    def _step_payment(self, award, pick, step, who):
        payment, person = self._pick(award, pick), self.finance[who]
        if payment is None:
            return
        if step == "record_paid":
            facts = {"paid_on": APPROVED_AT.date(), "bank_reference": "ACH 1"}
            self._try(lambda: record_paid(payment, actor=person, at=APPROVED_AT, **facts))
        else:
            self._try(lambda: PAYMENT.perform(payment, step, actor=person, at=APPROVED_AT, comment="Because."))

    def _try(self, act):
        """People press buttons that are refused; what matters is what is left behind."""
        try:
            with transaction.atomic():
                act()
        except (Refused, ValidationError):
            return


def _adds_up(money):
    left = money.awarded - money.scheduled - money.cleared - (money.paid - money.refunded)
    return left == money.remaining + money.returned and min(vars(money).values()) >= 0


@pytest.mark.django_db
def test_ledger_adds_up_whatever_officers_do():
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # twenty steps are short enough to read; making them fewer takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
