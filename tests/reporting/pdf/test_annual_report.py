"""The annual report as a document: its standards, its structure, its words, and what it must not say."""

import hashlib
import logging
import os
import re
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest

from portal.pdf.bounded import produce
from portal.pdf.engine import Engine
from reporting.pdf.annual_report import annual_report, title
from reporting.pdf.dataset import attachments
from reporting.pdf.facts import GapReading, GroupResult
from tests.portal.pdf.samples import elements, failures, opened, sound, text_of
from tests.reporting.pdf import cases

CASES = ("full", "short", "long")


@pytest.fixture(scope="module")
def reports():
    return {name: annual_report(getattr(cases, name)()) for name in CASES}


@pytest.fixture(scope="module")
def text(reports):
    return {name: text_of(pdf) for name, pdf in reports.items()}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_report_keeps_the_standards_it_claims(reports, name, profile):
    assert failures(reports[name], profile) == []
    assert sound(reports[name])


@pytest.mark.parametrize(("name", "fewest", "most"), [("full", 8, 14), ("short", 3, 5), ("long", 15, 40)])
def test_report_has_a_sensible_number_of_pages(reports, name, fewest, most):
    with opened(reports[name]) as pdf:
        assert fewest <= len(pdf.pages) <= most


@pytest.mark.parametrize("name", CASES)
def test_report_has_its_headings_in_order(reports, name):
    with opened(reports[name]) as pdf:
        levels = [int(str(e.S)[2:]) for e in elements(pdf) if re.fullmatch(r"/H\d", str(e.S))]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", CASES)
def test_report_scopes_every_table_header(reports, name):
    with opened(reports[name]) as pdf:
        scopes = {str(e.A.get("/Scope")) for e in elements(pdf) if e.S == pikepdf.Name.TH}

    assert scopes == {"/Column", "/Row"}


def test_report_describes_every_figure_with_its_numbers(reports):
    with opened(reports["full"]) as pdf:
        words = [str(e.Alt) for e in elements(pdf) if pikepdf.Name.Figure == e.S]

    assert len(words) == 6
    assert "White: 42.0 %" in words[0]
    assert "gap 32.3 points" in words[1]
    assert "spent $61,480.75" in words[4]


def test_report_carries_its_data(reports):
    with opened(reports["full"]) as pdf:
        found = [(str(spec.UF), spec.EF.F.read_bytes(), str(spec.AFRelationship)) for spec in pdf.Root.AF]

    assert found == [(file.name, file.content, "/Data") for file in attachments(cases.full())]


def test_report_is_titled_and_has_an_outline(reports):
    with opened(reports["full"]) as pdf:
        assert str(pdf.docinfo.Title) == title(cases.full())
        with pdf.open_outline() as outline:
            [root] = outline.root
            sections = [entry.title for entry in root.children]

    assert root.title == "Harbor County Collaboration for Change"
    assert "Budget and spending" in sections
    assert "Results by student group" in sections


@pytest.mark.parametrize(
    "words",
    [
        "42.0 %",
        "9.7 %",
        "32.3 points",
        "$250,000",
        "$61,480.75",
        "−$6,300",
        "District and Local Union Capacity and Collaboration",
        "Family and Community Partnerships",
        "District and School Capacity and Coherence",
        "Łukasz Wiśniewski",
        "3 of 4. Established: in place everywhere, not yet steady",
        "6 of 9 milestones met",
        "Year 2 of 5, school year 2026-27",
        "Tue 14 Sep 2027, 3:42 pm Eastern",
        "Too few students at the upper levels to estimate it.",
    ],
)
def test_report_says(text, words):
    assert words in text["full"]


def test_report_prints_what_people_typed_as_text(text):
    assert "<script>alert(1)</script> & <b>bold</b>" in text["long"]
    assert "□□ □  end." in text["long"] or "□□ □ end." in text["long"]


def test_short_report_says_what_is_missing(text):
    for words in (
        "Nothing was written here.",
        "The site did not rate itself.",
        "Nobody was listed.",
        "No results were reported.",
        "No money was budgeted for this year.",
        "No partner has certified this report yet.",
    ):
        assert words in text["short"]


def test_contents_name_the_page_each_section_is_on(reports):
    document = pypdfium2.PdfDocument(reports["full"])
    pages = [" ".join(document[number].get_textpage().get_text_bounded().split()) for number in range(len(document))]
    document.close()

    for section in ("Results by student group", "Budget and spending", "About this document"):
        listed = int(re.search(rf"{section} (\d+)", pages[1])[1])
        assert section in pages[listed - 1]


def test_hidden_figures_are_nowhere_in_the_file():
    """The caller passes by mistake what is to be hidden; neither text, drawing, description nor attachment has it."""
    secret = GroupResult("Asian", "fewer than 10", ("11.1 %", "22.2 %", "33.3 %", "33.4 %"), "n<10")
    gap = GapReading("White", "Asian", "2026-27", "42.0 %", "n<10", "24.7 points", "6.1", v="0.61", v_se="0.19")
    mathematics = replace(cases.MATHEMATICS, groups=(secret,), gaps=(gap,))
    pdf = annual_report(replace(cases.full(), indicators=(mathematics,)))
    with opened(pdf) as document:
        described = [str(e.Alt) for e in elements(document) if "/Alt" in e]
        attached = [spec.EF.F.read_bytes().decode() for spec in document.Root.AF]
        drawn = [page.Contents.read_bytes().decode("latin-1") for page in document.pages]
    everything = "\n".join([text_of(pdf), *described, *attached])

    for figure in ("11.1", "22.2", "33.3", "33.4", "24.7", "6.1 ", "0.61", "0.19"):
        assert figure not in everything
    other = replace(secret, levels=("90.0 %", "5.0 %", "4.0 %", "1.0 %"))
    again = annual_report(replace(cases.full(), indicators=(replace(mathematics, groups=(other,)),)))
    with opened(again) as document:
        assert [page.Contents.read_bytes().decode("latin-1") for page in document.pages] == drawn


def test_same_facts_give_the_same_bytes_in_any_process(reports):
    script = (
        "import django, hashlib; django.setup()\n"
        "from reporting.pdf.annual_report import annual_report\n"
        "from tests.reporting.pdf import cases\n"
        "print(hashlib.sha256(annual_report(cases.full())).hexdigest())"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONHASHSEED": "7", "DJANGO_SETTINGS_MODULE": "portal.settings"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()

    assert printed == hashlib.sha256(reports["full"]).hexdigest()


def test_report_made_in_a_bounded_process_is_the_same(reports):
    assert produce(annual_report, cases.full()) == reports["full"]


def test_new_version_gives_other_bytes(reports):
    assert annual_report(replace(cases.full(), version=2)) != reports["full"]


def test_style_sheet_has_nothing_the_library_does_not_understand(caplog):
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        Engine()
        annual_report(cases.full())

    assert [record.getMessage() for record in caplog.records] == []
