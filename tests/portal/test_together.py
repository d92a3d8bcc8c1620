"""Several models in one statement: the same instances that each would give by itself."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.enums import BudgetCategory
from grants.models import AttachmentSlot, BudgetLine, BudgetNote, Milestone
from portal.together import read_together
from sites.models import KeyIssue, Partner, School
from tests.factories.proposals import ProposalFactory

EXOTIC = 'Łukasz "Dvořák"\\n\n\u2028 ’😀 {"a": [1, null]}'


@pytest.fixture
def asked(ana_applicant):
    proposal = ProposalFactory()
    BudgetLine.objects.create(
        proposal=proposal, year=2, component_id="coherence", category=BudgetCategory.TRAVEL, amount=Decimal("249999.99")
    )
    BudgetNote.objects.create(proposal=proposal, component_id="coherence", category=BudgetCategory.TRAVEL, text=EXOTIC)
    Milestone.objects.create(proposal=proposal, component_id="coherence", year=1, text=EXOTIC, measure="")
    AttachmentSlot.objects.create(round=proposal.round, name=EXOTIC[:20], kinds=["pdf", "docx"], position=1)
    AttachmentSlot.objects.create(round=proposal.round, name="Any", kinds=[], required=False, position=2)
    proposal.key_issues.set(KeyIssue.objects.all()[:3])
    mine = {"proposal": proposal}
    return [
        Partner.objects.filter(site=proposal.site),
        School.objects.filter(site=proposal.site),
        BudgetLine.objects.filter(**mine),
        BudgetNote.objects.filter(**mine),
        Milestone.objects.filter(**mine),
        AttachmentSlot.objects.filter(round=proposal.round),
        proposal.key_issues.all(),
        Milestone.objects.none(),
    ]


def _values(rows):
    return [{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} for row in rows]


def test_rows_read_together_are_those_read_one_by_one(asked):
    alone = [_values(rows.order_by("pk")) for rows in asked]

    assert [_values(rows) for rows in read_together(*asked)] == alone
    assert [len(rows) > 0 for rows in alone] == [True] * 7 + [False]


def test_rows_read_together_take_one_statement(asked):
    with CaptureQueriesContext(connection) as queries:
        read_together(*asked)

    assert len(queries) == 1


def test_rows_read_together_can_be_saved_again(asked):
    [line] = read_together(asked[2])[0]
    line.amount -= Decimal("0.99")

    line.save()

    assert [each.amount for each in asked[2]] == [Decimal("249999.00")]
