"""The board's book as a document: its standards, its structure, what it says, and the same bytes every time."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

import pikepdf
import pytest

from grants.pdf.docket import CriterionMean, DocketPrint, LinePrint, Named, YearAmounts, docket_pdf, title
from tests.portal.pdf.samples import elements, failures, opened, sound, text_of

pytestmark = pytest.mark.once
COMPONENTS = (
    ("collaboration", "District and Local Union Capacity and Collaboration"),
    ("partnerships", "Family and Community Partnerships"),
    ("coherence", "District and School Capacity and Coherence"),
)
TEN, EIGHT = Decimal("10000.00"), Decimal("8000.00")
PARAGRAPH = "Łukasz Wiśniewski, the union's president, opens each school year. <b>Not bold</b> & so on."


def a_line(rank, decision="award", **rest):
    award = decision == "award"
    facts = LinePrint(
        rank=rank,
        reference=f"P-2027-{rank:04}",
        site=f"Site {rank}",
        where="Harbor County MA",
        about=("14 schools", "25,726 students"),
        title="Every School, Every Family",
        decision=decision,
        decision_name=decision.capitalize(),
        asked=TEN * 15,
        recommended=EIGHT * 15 if award else Decimal(0),
        years=tuple(
            YearAmounts(f"Year {year} (2027-28)", (TEN,) * 3, ((EIGHT if award else Decimal(0)),) * 3)
            for year in range(1, 6)
        ),
        marks=(Decimal("2.000"), Decimal("4.000"), Decimal("4.500")),
        outlier=Decimal("2.000"),
        raw_mean=Decimal("3.4"),
        weighted_mean=Decimal("3.5"),
        normalised=Decimal("-0.714"),
        criteria=(CriterionMean("Need", 2, Decimal("3.67"), 2, 5),),
        strengths=("Clear goals.",),
        weaknesses=("No measure after year 2.",),
        conditions="Hire the data coach before year 2.",
        note="Strongest union part of the round.",
        feedback="Say more about families.",
        verdict="",
        verdict_reason="",
        below_cut=not award,
        first_below_cut=decision == "waitlist",
    )
    return replace(facts, **rest)


def book(*lines, **rest):
    facts = DocketPrint(
        portal="Throughline",
        foundation="The Example Foundation",
        reference="D-2027-0001",
        version=7,
        title="Board docket, 14 April",
        round_name="Closing the Gaps 2027",
        state="With the director",
        steps=(("Prepared", "by Omar Officer, Mon 15 Feb 2027, 12:00 pm Eastern"),),
        top_score=5,
        envelope=Decimal("7500000.00"),
        committed=EIGHT * 15,
        elsewhere=TEN,
        left=Decimal("7370000.00"),
        components=tuple(Named(code, name, EIGHT * 5) for code, name in COMPONENTS),
        years=tuple((f"Year {year} (2027-28)", EIGHT * 3) for year in range(1, 6)),
        lines=lines,
        time_zone="America/New_York",
        printed_at=datetime(2027, 2, 16, 17, 0, tzinfo=UTC),
    )
    return replace(facts, **rest)


def full():
    return book(
        a_line(1, note=PARAGRAPH, verdict="Returned", verdict_reason="Ask about year 2."),
        a_line(2, "waitlist"),
        a_line(3, "decline", strengths=("Families came.",)),
    )


def empty():
    return book(committed=Decimal(0), envelope=Decimal(0), components=(), elsewhere=Decimal(0))


def longest():
    bare = {"marks": (), "criteria": (), "outlier": None, "weighted_mean": None, "raw_mean": None, "normalised": None}
    return book(
        a_line(1, site="W" * 160, note="\n\n".join([PARAGRAPH * 8] * 12), conditions="x" * 900),
        a_line(2, "decline", **bare, strengths=(), weaknesses=(), feedback=""),
        title="A" * 120,
        committed=Decimal("9000000.00"),
        components=tuple(Named(code, name, Decimal("3000000.00")) for code, name in COMPONENTS),
    )


CASES = {"full": full, "empty": empty, "longest": longest}


@pytest.fixture(scope="module")
def books():
    return {name: docket_pdf(make()) for name, make in CASES.items()}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_book_keeps_the_standards_it_claims(books, name, profile):
    assert failures(books[name], profile) == []
    assert sound(books[name])


@pytest.mark.parametrize("name", CASES)
def test_book_has_its_headings_in_order(books, name):
    with opened(books[name]) as pdf:
        levels = [int(str(e.S)[2:]) for e in elements(pdf) if re.fullmatch(r"/H\d", str(e.S))]

    assert levels[0] == levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_book_scopes_every_table_header(books):
    with opened(books["full"]) as pdf:
        scopes = {str(e.A.get("/Scope")) for e in elements(pdf) if e.S == pikepdf.Name.TH}

    assert scopes == {"/Column", "/Row"}


def test_book_carries_its_figures_but_no_notes(books):
    with opened(books["full"]) as pdf:
        [(name, content)] = [(str(spec.UF), spec.EF.F.read_bytes()) for spec in pdf.Root.AF]

    said = json.loads(content)
    assert (name, said["version"], len(said["lines"])) == ("D-2027-0001-7.json", 7, 3)
    assert {line["note"] for line in said["lines"]} == {""}


@pytest.mark.parametrize(
    "words",
    [
        "Board docket, 14 April",
        "D-2027-0001, version 7. Confidential",
        "With the director",
        "do not pass it on",
        "$120,000",
        "asked $10,000",
        "Mean 3.50 of 5 (raw 3.40), normalized −0.71, 3 reviews.",
        "Clear goals.",
        "No measure after year 2.",
        "Hire the data coach before year 2.",
        "Łukasz Wiśniewski, the union's president",
        "<b>Not bold</b> & so on.",
        "The director: returned.",
        "Ask about year 2.",
        "The envelope runs out here.",
        "Appendix: declines",
        "Families came.",
    ],
)
def test_book_says(books, words):
    assert words in text_of(books["full"])


def test_book_is_titled_and_the_same_every_time(books):
    with opened(books["full"]) as pdf:
        assert str(pdf.docinfo.Title) == title(full()) == "Board docket, 14 April: D-2027-0001, version 7"
    assert docket_pdf(full()) == books["full"]
