"""Reports follow an amended award while they are still being written, and not once they were submitted."""

from decimal import Decimal

import pytest

from grants.domain.amendment import request_amendment
from grants.enums import AmendmentKind
from portal import clock
from reporting.enums import ReportState
from reporting.models import AnnualReport
from tests.factories.amendments import ASKED_AT, an_amendment, lead_of, moved
from tests.factories.awards import an_award

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("state", "budget"), [(ReportState.DRAFT, "35000.00"), (ReportState.SUBMITTED, "40000.00")])
def test_report_has_the_amended_budget_while_it_is_written(state, budget):
    award = an_award(amounts=(Decimal("100000.00"),) * 5)
    report = AnnualReport.objects.get(award_year__award=award, award_year__number=1)
    if state == ReportState.SUBMITTED:
        AnnualReport.objects.filter(pk=report.pk).update(state=state, submitted_at=ASKED_AT)

    with clock.at(ASKED_AT):
        amendment = an_amendment(award, kind=AmendmentKind.MOVE_MONEY, amounts=moved(award))
        request_amendment(amendment, actor=lead_of(award), at=ASKED_AT)

    assert report.spending.get(component="collaboration").budget == Decimal(budget)
