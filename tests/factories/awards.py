"""Makes awards and payments by the steps that make them in life: recommended, approved, offered, agreed, paid."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from grants.domain.award import make_award
from grants.domain.close_out import save_close_out
from grants.domain.payment import record_paid
from grants.domain.queries.close_out import POINTS
from grants.enums import AwardState, Decision, DocketState, LineVerdict, PaymentState, ProposalState
from grants.models import Award, Docket, DocketAmount, DocketLine, Payment
from grants.workflow import AWARD, PAYMENT
from portal.accounts.enums import Role
from portal.activity.domain import allocate
from reporting.enums import ReportState
from reporting.models import AnnualReport
from sites.enums import SeatRole
from sites.models import Component
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site

# A Monday noon in spring, before the first award year of the factories' rounds starts, on 1 July 2027.
APPROVED_AT = datetime(2027, 4, 5, 16, 0, tzinfo=UTC)
FULL_YEAR = Decimal("250000.00")
FIVE_FULL_YEARS = (FULL_YEAR,) * 5
_SHARES = (Decimal("0.40"), Decimal("0.36"))


def a_recommendation(site=None, *, amounts=FIVE_FULL_YEARS, officer=None, round=None, **round_fields) -> DocketLine:
    """A line that the director agreed to, of a docket that was sent; `amounts` are dollars for each of the five years."""
    site = site or a_site()
    officer = officer or UserFactory(roles=[Role.OFFICER])
    round = round or RoundFactory(core=False, criteria=0, **round_fields)
    proposal = ProposalFactory(
        round=round, site=site, title=f"{site} together", state=ProposalState.RECOMMENDED, submission=False
    )
    docket = Docket.objects.create(
        reference=allocate("D", 2027),
        round=round,
        title=f"Board docket, {site}",
        state=DocketState.SENT,
        prepared_by=officer,
        sent_by=officer,
        sent_at=APPROVED_AT - timedelta(days=3),
    )
    line = DocketLine.objects.create(
        docket=docket,
        proposal=proposal,
        rank=1,
        decision=Decision.AWARD,
        amount=sum(amounts, Decimal(0)),
        verdict=LineVerdict.AGREED,
        verdict_by=officer,  # a director, in life; one person fewer to make here
        verdict_at=APPROVED_AT,
    )
    DocketAmount.objects.bulk_create(
        DocketAmount(line=line, year=year, component=component, amount=share)
        for year, amount in enumerate(amounts, start=1)
        for component, share in zip(Component.objects.all(), _split(amount), strict=True)
        if share
    )
    return line


def an_award(
    site=None, *, state=AwardState.ACTIVE, director=None, officer=None, at=APPROVED_AT, lead=None, **rest
) -> Award:
    """An award in any state. `rest` goes to `a_recommendation`; `lead` leads the site that is made without one."""
    officer = officer or UserFactory(roles=[Role.OFFICER])
    director = director or UserFactory(roles=[Role.DIRECTOR])
    award = make_award(a_recommendation(site or a_site(lead), officer=officer, **rest), actor=director, at=at)
    if state in {AwardState.TERMINATED, AwardState.WITHDRAWN}:
        award = an_active(award, officer, at)
        if state == AwardState.WITHDRAWN:
            lead = award.site.seats.get(role=SeatRole.LEAD).holder
            return AWARD.perform(award, "withdraw", actor=lead, at=at, comment="The coalition dissolved.")
        return AWARD.perform(award, "terminate", actor=director, at=at, comment="The coalition dissolved.")
    if state == AwardState.CLOSED:
        for payment in Payment.objects.filter(award_year__award=an_active(award, officer, at)):
            a_payment(payment, state=PaymentState.CANCELLED, at=at)
        accept_reports(award, officer, at=at)
        settle(award, officer, at=at)
        return AWARD.perform(award, "close", actor=officer, at=at)
    if state == AwardState.ACTIVE:
        return an_active(award, officer, at)
    return AWARD.perform(award, "offer", actor=officer, at=at) if state == AwardState.OFFERED else award


def an_active(award: Award, officer, at: datetime) -> Award:
    """An approved award, offered and with its agreement signed."""
    AWARD.perform(award, "offer", actor=officer, at=at)
    return AWARD.perform(award, "activate", actor=officer, at=at)


def accept_reports(award: Award, officer, *, at: datetime = APPROVED_AT) -> None:
    """All five reports stand as accepted, without a word in them."""
    AnnualReport.objects.filter(award_year__award=award).update(
        state=ReportState.ACCEPTED, submitted_at=at, accepted_at=at, accepted_by=officer
    )


def settle(award: Award, officer, *, at: datetime = APPROVED_AT) -> None:
    """Everything that only a person can say at the end of an award is said, and nothing is unspent."""
    confirmed = dict.fromkeys(POINTS, "Settled with the district.")
    save_close_out(award, confirmed=confirmed, unspent=Decimal(0), note="", actor=officer, at=at)


def a_payment(
    payment: Payment | None = None, *, state=PaymentState.SCHEDULED, preparer=None, releaser=None, at=APPROVED_AT
) -> Payment:
    """A payment brought from scheduled to `state`; without one, the first payment of a new award."""
    payment = payment or Payment.objects.get(award_year__award=an_award(), award_year__number=1)
    preparer = preparer or UserFactory(roles=[Role.FINANCE])
    releaser = releaser or UserFactory(roles=[Role.FINANCE])
    if state in {PaymentState.HELD, PaymentState.CANCELLED}:
        step = "hold" if state == PaymentState.HELD else "cancel"
        return PAYMENT.perform(payment, step, actor=preparer, at=at, comment="The bank details are being checked.")
    if state != PaymentState.SCHEDULED:
        payment = PAYMENT.perform(payment, "prepare", actor=preparer, at=at)
    if state in {PaymentState.CLEARED, PaymentState.PAID, PaymentState.VOIDED}:
        payment = PAYMENT.perform(payment, "release", actor=releaser, at=at)
    if state in {PaymentState.PAID, PaymentState.VOIDED}:
        payment = record_paid(payment, actor=preparer, at=at, paid_on=at.date(), bank_reference="ACH 0042")
    if state == PaymentState.VOIDED:
        payment = PAYMENT.perform(payment, "void", actor=preparer, at=at, comment="The check was never cashed.")
    return payment


def _split(amount: Decimal) -> list[Decimal]:
    """An amount over the three components, to the cent."""
    first, second = ((amount * share).quantize(Decimal("0.01")) for share in _SHARES)
    return [first, second, amount - first - second]
