"""The reconciliation page and its files: six ways to cut the same money, always the same sum."""

import io
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from grants.domain.queries.reconciliation import Balance, balance_of
from grants.domain.queries.reconciliation_table import GROUPINGS, divide
from grants.domain.refund import record_refund
from grants.enums import AwardState, PaymentState
from grants.models import Payment
from portal.activity.models import Entry
from tests.factories.awards import APPROVED_AT, FULL_YEAR, a_payment, an_award
from tests.factories.sites import a_site

PAGE = reverse("grants:reconciliation")


@pytest.fixture
def harbor(db, fay_finance):
    """Of five years of $250,000: one paid with a tenth come back, one cleared, one cancelled, two scheduled."""
    award = an_award(a_site(name="Harbor County Collaboration"))
    first, second, third, *_ = Payment.objects.filter(award_year__award=award).order_by("pk")
    a_payment(first, state=PaymentState.PAID)
    for condition in second.conditions.all():
        condition.met_at = APPROVED_AT
        condition.save()
    a_payment(second, state=PaymentState.CLEARED)
    a_payment(third, state=PaymentState.CANCELLED)
    record_refund(
        first, amount=FULL_YEAR / 10, received_on=APPROVED_AT.date(), bank_reference="DEP 1", reason="Unspent.",
        actor=fay_finance, at=APPROVED_AT,
    )  # fmt: skip
    return award


EXPECTED = Balance(
    awarded=FULL_YEAR * 5,
    scheduled=FULL_YEAR * 2,
    cleared=FULL_YEAR,
    paid=FULL_YEAR,
    refunded=FULL_YEAR / 10,
    remaining=FULL_YEAR + FULL_YEAR / 10,
)


@pytest.mark.parametrize("by", GROUPINGS)
def test_every_cut_adds_up_to_the_same_sum(by, client, harbor, otto_auditor):
    client.force_login(otto_auditor)

    table = client.get(PAGE, {"by": by}).context["table"]

    assert table.together == EXPECTED == balance_of(harbor)
    lines = {"site": 1, "award": 1, "round": 1, "year": 5, "school-year": 5, "component": 3}
    assert len(table.lines) == lines[by]


def test_ended_award_shows_what_went_back(client, db, dina_director):
    an_award(state=AwardState.TERMINATED)
    client.force_login(dina_director)

    table = client.get(PAGE).context["table"]

    assert table.together == Balance(awarded=FULL_YEAR * 5, returned=FULL_YEAR * 5)


@pytest.mark.parametrize(
    ("query", "awarded"),
    [
        ({"site": "harbor county"}, FULL_YEAR * 5),
        ({"site": "elsewhere"}, Decimal(0)),
        ({"year": "1"}, FULL_YEAR * 2),
        ({"school_year": "2028-29"}, FULL_YEAR * 2),
        ({"by": "nonsense"}, FULL_YEAR * 10),
    ],
)
def test_page_is_filtered(query, awarded, client, harbor, omar_officer):
    an_award()
    client.force_login(omar_officer)

    assert client.get(PAGE, query).context["table"].together.awarded == awarded


def test_page_is_filtered_by_round_and_leads_on(client, harbor, omar_officer):
    an_award()
    client.force_login(omar_officer)

    page = client.get(PAGE, {"by": "round", "round": harbor.round.reference})

    assert [(line.reference, line.balance.awarded) for line in page.context["lines"]] == [
        (harbor.round.reference, FULL_YEAR * 5)
    ]
    assert f"by=site&amp;round={harbor.round.reference}" in page.content.decode()


@pytest.mark.parametrize("by", ["site", "component"])
def test_page_costs_the_same_for_many_awards(by, client, omar_officer, db, django_assert_max_num_queries):
    client.force_login(omar_officer)
    an_award()
    with django_assert_max_num_queries(15) as one:
        client.get(PAGE, {"by": by})
    for _ in range(5):
        an_award()
    with django_assert_max_num_queries(15) as many:
        client.get(PAGE, {"by": by})

    assert len(many) == len(one)


def test_page_turns_its_leaves(client, harbor, omar_officer, monkeypatch):
    monkeypatch.setattr("grants.views.reconciliation.SIZE", 2)
    client.force_login(omar_officer)

    second = client.get(PAGE, {"by": "year", "from": "2"})

    assert [line.name for line in second.context["lines"]] == ["Year 3", "Year 4"]
    assert (second.context["place"], second.context["table"].together) == ("3 to 4 of 5", EXPECTED)
    assert "from=0" in second.context["previous_url"]
    assert client.get(PAGE, {"by": "year", "from": "99"}).context["place"] == "1 to 2 of 5"


def test_files_hold_every_line_and_the_sum(client, harbor, otto_auditor):
    client.force_login(otto_auditor)

    book = client.post(reverse("grants:reconciliation-export", args=["xlsx"]) + "?by=year&site=harbor")
    text = client.post(reverse("grants:reconciliation-export", args=["csv"]) + "?by=site")

    rows = list(load_workbook(io.BytesIO(book.content)).active.values)
    assert rows[0] == (
        "Award year", "Number", "Awarded", "Scheduled", "Cleared", "Paid", "Refunded", "Not yet scheduled",
        "Back in the envelope",
    )  # fmt: skip
    assert [row[0] for row in rows[1:]] == ["Year 1", "Year 2", "Year 3", "Year 4", "Year 5", "Together"]
    assert rows[-1][2:] == (1250000, 500000, 250000, 250000, 25000, 275000, 0)
    assert text.content.decode("utf-8-sig").splitlines()[-1] == (
        "Together,,1250000.00,500000.00,250000.00,250000.00,25000.00,275000.00,0.00"
    )
    latest = Entry.objects.filter(verb="export-reconciliation").order_by("sequence")
    assert [each.facts for each in latest] == [
        {"form": "xlsx", "by": "year", "site": "harbor"}, {"form": "csv", "by": "site"},
    ]  # fmt: skip
    assert client.post(reverse("grants:reconciliation-export", args=["exe"])).status_code == 404


@pytest.mark.parametrize("person", ["lea_site_lead", "rita_reviewer", "ada_admin", "sam_stranger"])
def test_page_is_for_those_who_answer_for_the_money(person, client, request, db):
    client.force_login(request.getfixturevalue(person))

    assert client.get(PAGE).status_code == 403
    assert client.post(reverse("grants:reconciliation-export", args=["csv"])).status_code == 403


def test_page_without_awards_says_when_they_come(client, omar_officer, db):
    client.force_login(omar_officer)

    assert "Nothing is awarded yet" in client.get(PAGE).content.decode()
    assert "No award matches" in client.get(PAGE, {"site": "x"}).content.decode()


@pytest.mark.once
def test_balance_divided_by_component_adds_up_in_both_directions():
    whole = Balance(
        awarded=Decimal("100.00"), scheduled=Decimal("33.33"), cleared=Decimal("0.01"), paid=Decimal("50.05"),
        refunded=Decimal("10.01"), remaining=Decimal("26.62"),
    )  # fmt: skip

    parts = divide(whole, [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")])

    assert sum(parts, Balance()) == whole
    assert all(
        each.awarded == each.scheduled + each.cleared + each.kept + each.remaining + each.returned for each in parts
    )
