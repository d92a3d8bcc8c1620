"""The random officers of the ledger also sign agreements, amend awards and close them out, and it still adds up."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from grants.domain.amendment import request_amendment, start_amendment
from grants.domain.award_version import content_of
from grants.domain.queries.amendment import present_grid
from grants.enums import (
    LIVE_AWARDS,
    UNRELEASED,
    AgreementState,
    AmendmentKind,
    AmendmentState,
    AwardState,
    PaymentState,
)
from grants.models import Award, AwardYear, CloseOut, Payment, SiteCommitment
from grants.workflow import AMENDMENT, AWARD, PAYMENT
from portal import clock
from portal.money import ZERO
from tests.factories.agreements import an_agreement
from tests.factories.awards import APPROVED_AT, accept_reports, settle
from tests.grants.domain.test_ledger import Ledger, dollars

CELLS = st.tuples(st.integers(1, 5), st.sampled_from(["collaboration", "partnerships", "coherence"]))
SMALL = Decimal("4000.00")
STAMPS = {
    AwardState.CLOSED: "closed_at",
    AwardState.TERMINATED: "terminated_at",
    AwardState.WITHDRAWN: "withdrawn_at",
}


class AmendedLedger(Ledger):
    """The same people at the same site, with more to do."""

    awards = Ledger.awards

    @rule(award=awards)
    def agree(self, award):
        """Every partner signs and the director does, which starts an offered award."""
        row = Award.objects.get(pk=award)
        people = {"officer": self.officer, "director": self.director}
        self._try(lambda: an_agreement(row, state=AgreementState.IN_FORCE, **people))

    @rule(award=awards, giver=CELLS, taker=CELLS, amount=dollars, small=st.booleans(), room=st.booleans())
    def amend(self, award, giver, taker, amount, small, room):
        """Money moves from one cell of the grid to another, if it may; finance makes room for it or does not."""
        row = Award.objects.get(pk=award)
        if small:
            taker, amount = (giver[0], taker[1]), min(amount, SMALL)
        elif room:
            self._cancel(row, award_year__number=giver[0])
        grid = dict(present_grid(row))
        amount = min(amount, grid.get(giver, ZERO))
        grid[giver] = grid.get(giver, ZERO) - amount
        grid[taker] = grid.get(taker, ZERO) + amount
        self._try(lambda: self._decide(row, grid))

    @rule(award=awards)
    def close_out(self, award):
        """What was released is paid, the rest cancelled, everything is settled, and the officer closes the award."""
        row = Award.objects.get(pk=award)
        for payment in Payment.objects.filter(award_year__award=award, state=PaymentState.PREPARED):
            self._try(lambda payment=payment: self._step(payment, "send_back"))
        for payment in Payment.objects.filter(award_year__award=award, state=PaymentState.CLEARED):
            paid = {"paid_on": APPROVED_AT.date(), "bank_reference": "ACH 9"}
            self._try(lambda payment=payment, paid=paid: self._step(payment, "record_paid", **paid))
        self._cancel(row)
        accept_reports(row, self.officer)
        if not CloseOut.objects.filter(award=row).exists():
            self._try(lambda: settle(row, self.officer))
        self._try(lambda: AWARD.perform(row, "close", actor=self.officer, at=APPROVED_AT))

    @invariant()
    def amendments_keep_the_sum_and_every_version(self):
        for award in Award.objects.filter(site=self.site):
            content = content_of(award)
            sums = [sum(map(Decimal, year["components"].values()), ZERO) for year in content["years"]]
            assert sums == [Decimal(year["amount"]) for year in content["years"]]
            assert sum(sums, ZERO) == award.amount
            assert content == award.versions.last().content

    @invariant()
    def ended_awards_say_when_and_how_long_their_papers_are_kept(self):
        for award in Award.objects.filter(site=self.site):
            stamped = [name for name in STAMPS.values() if getattr(award, name)]
            assert stamped == ([STAMPS[award.state]] if award.state in STAMPS else [])
            assert (award.retained_until is not None) == (award.state in STAMPS)

    @invariant()
    def ledger_knows_the_lowest_ceiling_of_each_year(self):
        lowest: dict[str, Decimal] = {}
        for year in AwardYear.objects.filter(award__site=self.site).select_related("award"):
            if year.scheduled or (year.amount and year.award.state in LIVE_AWARDS):
                lowest[year.school_year] = min(year.ceiling, lowest.get(year.school_year, year.ceiling))
        assert lowest == dict(SiteCommitment.objects.filter(site=self.site).values_list("school_year", "ceiling"))

    def _decide(self, award, grid):
        """Asked for, recommended, approved; whatever is not carried out is withdrawn, so that another can be asked for."""
        at = APPROVED_AT
        facts = {"reason": "It is needed.", "amounts": grid, "actor": self.lead, "at": at}
        amendment = start_amendment(award, AmendmentKind.MOVE_MONEY, **facts)
        self._try(lambda: request_amendment(amendment, actor=self.lead, at=at))
        self._try(lambda: AMENDMENT.perform(amendment, "recommend", actor=self.officer, at=at, comment="Yes."))
        self._try(lambda: AMENDMENT.perform(amendment, "approve", actor=self.director, at=at))
        amendment.refresh_from_db()
        if amendment.state != AmendmentState.APPROVED:
            AMENDMENT.perform(amendment, "withdraw", actor=self.lead, at=at)

    def _cancel(self, award, **which):
        for payment in Payment.objects.filter(award_year__award=award, state__in=UNRELEASED, **which):
            self._try(lambda payment=payment: self._step(payment, "cancel"))

    def _step(self, payment, step, **facts):
        PAYMENT.perform(payment, step, actor=self.finance[0], at=APPROVED_AT, comment="Planned anew.", **facts)


@pytest.mark.django_db
def test_amended_ledger_adds_up_whatever_officers_do():
    # Which award years are over depends on the day.
    with clock.at(APPROVED_AT):
        run_state_machine_as_test(
            AmendedLedger,
            settings=settings(
                max_examples=12,
                stateful_step_count=20,
                deadline=None,
                derandomize=True,
                phases=[Phase.generate],  # as beside it: making failures shorter takes minutes
                suppress_health_check=list(HealthCheck),
            ),
        )
