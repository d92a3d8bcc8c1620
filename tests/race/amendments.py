"""Scenario: directors approve one amendment that empties an award year while finance schedules payments in it."""

from decimal import Decimal

from django.core.exceptions import ValidationError

from grants.domain.instalment import schedule_payment
from grants.domain.queries.amendment import present_grid
from grants.enums import AmendmentKind, AmendmentState, PaymentState
from grants.models import Amendment, AwardVersion, AwardYear, Payment, SiteCommitment
from grants.workflow import AMENDMENT
from portal.access import Refused
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.money import total
from tests.factories.accounts import UserFactory
from tests.factories.amendments import ASKED_AT, an_amendment
from tests.factories.awards import a_payment, an_award

AMOUNT = Decimal("10000.00")


def prepare():
    award = an_award(amounts=(AMOUNT,) * 5)
    payment = Payment.objects.get(award_year__award=award, award_year__number=2)
    a_payment(payment, state=PaymentState.CANCELLED)
    grid = dict(present_grid(award))
    for component in ("collaboration", "partnerships", "coherence"):
        grid[3, component] += grid.pop((2, component))
    amendment = an_amendment(
        award, kind=AmendmentKind.MOVE_MONEY, amounts=grid, state=AmendmentState.RECOMMENDED, at=ASKED_AT
    )
    return {
        "amendment": amendment.pk,
        "year": award.years.get(number=2).pk,
        "director": UserFactory(roles=[Role.DIRECTOR]).pk,
        "finance": UserFactory(roles=[Role.FINANCE]).pk,
    }


def act(facts, number):
    """Half of them approve, the others schedule a part of the year's money."""
    try:
        if number % 2:
            director = User.objects.get(pk=facts["director"])
            AMENDMENT.perform(Amendment.objects.get(pk=facts["amendment"]), "approve", actor=director, at=ASKED_AT)
            return "approved"
        year = AwardYear.objects.get(pk=facts["year"])
        finance = User.objects.get(pk=facts["finance"])
        schedule_payment(year, amount=AMOUNT / 2, due_on=year.starts_on, actor=finance, at=ASKED_AT)
        return "scheduled"
    except (Refused, ValidationError):
        return "refused"


def outcome(facts):
    year = AwardYear.objects.get(pk=facts["year"])
    open_payments = Payment.objects.filter(award_year=year).exclude(state=PaymentState.CANCELLED)
    return {
        "state": Amendment.objects.get(pk=facts["amendment"]).state,
        "versions": AwardVersion.objects.count(),
        "amount": str(year.amount),
        "scheduled": [str(year.scheduled), str(open_payments.aggregate(sum=total("amount"))["sum"])],
        "held": str(SiteCommitment.objects.aggregate(sum=total("amount"))["sum"]),
        "awarded": str(AwardYear.objects.aggregate(sum=total("amount"))["sum"]),
    }
