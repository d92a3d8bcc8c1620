"""A site gives its award back: what that does to payments, the ledger and an open agreement, and who is told."""

import pytest

from grants.domain.payment import record_paid
from grants.enums import PaymentState
from grants.models import Payment, SiteCommitment
from grants.workflow import AWARD
from portal.accounts.enums import Role
from portal.mail.models import Message
from tests.factories.accounts import UserFactory
from tests.factories.awards import APPROVED_AT, FULL_YEAR, a_payment, an_award

pytestmark = pytest.mark.django_db


def held(site):
    return dict(SiteCommitment.objects.filter(site=site).values_list("school_year", "amount"))


def test_award_given_back_does_what_ending_it_does_and_both_sides_are_told(lea_site_lead):
    award = an_award(lead=lea_site_lead)
    a_payment(Payment.objects.filter(award_year__award=award).first(), state=PaymentState.CLEARED)

    AWARD.perform(award, "withdraw", actor=lea_site_lead, at=APPROVED_AT, comment="The district left.")

    award.refresh_from_db()
    assert (award.withdrawn_at, award.terminated_at, award.end_reason) == (APPROVED_AT, None, "The district left.")
    states = Payment.objects.filter(award_year__award=award).values_list("state", flat=True)
    assert list(states) == [PaymentState.CLEARED] + [PaymentState.CANCELLED] * 4
    assert held(award.site) == {"2027-28": FULL_YEAR}
    told = set(Message.objects.filter(template="award_ended").values_list("to", flat=True))
    assert told == {lea_site_lead.email, award.recommended_by.email, award.approved_by.email}


def test_award_given_back_still_pays_what_was_released_before(lea_site_lead):
    award = an_award(lead=lea_site_lead)
    first = a_payment(Payment.objects.filter(award_year__award=award).first(), state=PaymentState.CLEARED)
    AWARD.perform(award, "withdraw", actor=lea_site_lead, at=APPROVED_AT, comment="The district left.")

    finance = UserFactory(roles=[Role.FINANCE])
    paid = record_paid(first, actor=finance, at=APPROVED_AT, paid_on=APPROVED_AT.date(), bank_reference="ACH 7")

    assert paid.state == PaymentState.PAID
    assert held(award.site) == {"2027-28": FULL_YEAR}
