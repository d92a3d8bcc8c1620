"""The agreement as a document: its standards, its structure, what it says, and the same bytes every time."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pikepdf
import pytest

from grants.domain.agreement_content import reading
from grants.domain.content import canonical
from grants.pdf.agreement import AgreementPrint, Signed, agreement_pdf, title
from portal.pdf.bounded import produce
from tests.grants.pdf.cases import PARAGRAPH, PLANS, SCRIPTS
from tests.portal.pdf.samples import elements, failures, opened, sound, text_of

pytestmark = pytest.mark.once
SENT = datetime(2027, 4, 15, 16, 0, tzinfo=UTC)
PAYEE = {"name": "Harbor Community Fund", "ein": "04-1234567", "tax_status": "Public charity, 501(c)(3)"}


def content(**changes):
    years = [
        {
            "number": number, "school_year": f"{2026 + number}-{27 + number}", "starts_on": f"{2026 + number}-07-01",
            "ends_on": f"{2027 + number}-06-30", "amount": "250000.00",
            "components": ["100000.00", "90000.00", "60000.00"], "report_due": f"{2027 + number}-08-29",
        }
        for number in range(1, 6)
    ]  # fmt: skip
    return {
        "format": 1, "reference": "G-2027-0042", "number": 2, "replaces": "G-2027-0007",
        "foundation": "The Example Foundation", "award": "A-2027-0042",
        "round": {"reference": "R-2027-0001", "name": "Closing the Gaps 2027"},
        "proposal": {"reference": "P-2027-0042", "title": "Harbor together"},
        "coalition": {"reference": "S-1", "name": "Harbor County Collaboration", "place": "Harbor", "state": "MA"},
        "parties": [
            {"partner": "1", "role": "School district", "name": "Harbor Public Schools", "leaid": "2501590", "ein": "",
             "uei": "", "tax_status": "", "is_payee": False},
            {"partner": "2", "role": "Community partner", **PAYEE, "leaid": "", "uei": "", "is_payee": True},
        ],
        "payee": PAYEE, "amount": "1250000.00", "yearly_ceiling": "250000.00", "total_ceiling": "1250000.00",
        "starts_on": "2027-07-01", "ends_on": "2032-06-30",
        "components": [{"code": code, "name": name, "short_name": name[:20]} for code, name in PLANS],
        "years": years,
        "payments": [
            {"year": 1, "due_on": "2027-07-01", "amount": "250000.00", "conditions": ["This agreement is in force."]}
        ],
        "conditions": f"A coordinator\n{PARAGRAPH}", "terms": f"What it is for\n{PARAGRAPH}\n\n{SCRIPTS}",
        **changes,
    }  # fmt: skip


def a_print(*, signed, **changes):
    says = content(**changes)
    given = (
        Signed("Harbor Public Schools", "Dr. Miriam Okafor", "Superintendent", "Thu 15 Apr 2027, 12:00 noon Eastern"),
        Signed("The Example Foundation", "Dina Director", "President", "Fri 16 Apr 2027, 9:00 am Eastern"),
    )
    return AgreementPrint(
        portal="Throughline", foundation="The Example Foundation", content=says, reading=reading(says),
        canonical=canonical(says), sha256=hashlib.sha256(canonical(says)).hexdigest(),
        sent="Thu 15 Apr 2027, 12:00 noon Eastern", printed_at=SENT, signatures=given if signed else (),
    )  # fmt: skip


CASES = {
    "sent": a_print(signed=False),
    "signed": a_print(signed=True),
    "longest": a_print(signed=True, terms="\n\n".join([f"A heading\n{PARAGRAPH * 4}"] * 30)),
    "emptiest": a_print(signed=False, conditions="", terms=SCRIPTS, replaces="", payments=[]),
}


@pytest.fixture(scope="module")
def prints():
    return {name: agreement_pdf(facts) for name, facts in CASES.items()}


@pytest.mark.parametrize("name", CASES)
def test_agreement_keeps_the_standards_it_claims(prints, name):
    assert failures(prints[name], "3a") == failures(prints[name], "ua1") == []
    assert sound(prints[name])


def test_agreement_has_its_headings_in_order_and_scoped_tables(prints):
    with opened(prints["signed"]) as pdf:
        levels = [int(str(each.S)[2:]) for each in elements(pdf) if re.fullmatch(r"/H\d", str(each.S))]
        scopes = {str(each.A.get("/Scope")) for each in elements(pdf) if each.S == pikepdf.Name.TH}

    assert levels[0] == levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert scopes == {"/Column", "/Row"}


def test_signed_agreement_carries_what_was_signed_and_by_whom(prints):
    with opened(prints["signed"]) as pdf:
        files = {str(spec.UF): spec.EF.F.read_bytes() for spec in pdf.Root.AF}

    assert files["A-2027-0042-agreement-2-signed.json"] == CASES["signed"].canonical
    [first, last] = json.loads(files["A-2027-0042-agreement-2-signed-signatures.json"])
    assert (first["name"], last["party"]) == ("Dr. Miriam Okafor", "The Example Foundation")


def test_agreement_says_everything_that_was_agreed(prints):
    text = text_of(prints["signed"])
    for words in (
        "G-2027-0042, number 2 for award A-2027-0042. It replaces G-2027-0007", "Harbor Community Fund", "04-1234567",
        "Public charity, 501(c)(3)", "LEAID 2501590", "$1,250,000 of at most $1,250,000", "29 Aug 2028",
        "This agreement is in force.", "A coordinator", "1. What it is for", "Dr. Miriam Okafor", "Dina Director",
        CASES["signed"].sha256, "<script>alert(1)</script> & <b>bold</b>",
    ):  # fmt: skip
        assert words in text
    assert "Nobody has signed yet" in text_of(prints["sent"])
    assert title(CASES["sent"]) == "Harbor County Collaboration: grant agreement G-2027-0042, for signature"


def test_same_facts_give_the_same_bytes_also_in_a_bounded_process(prints):
    assert produce(agreement_pdf, replace(CASES["signed"])) == prints["signed"]
