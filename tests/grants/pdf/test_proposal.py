"""The receipt as a document: its standards, its structure, every answer, and the same bytes every time."""

import re
from dataclasses import replace
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest

from grants.pdf.proposal import proposal_pdf, title
from portal.pdf.bounded import produce
from tests.grants.pdf import cases
from tests.portal.pdf.samples import elements, failures, opened, sound, text_of

CASES = ("full", "empty", "longest")


@pytest.fixture(scope="module")
def prints():
    return {name: proposal_pdf(getattr(cases, name)()) for name in CASES}


@pytest.fixture(scope="module")
def text(prints):
    return {name: text_of(pdf) for name, pdf in prints.items()}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_proposal_keeps_the_standards_it_claims(prints, name, profile):
    assert failures(prints[name], profile) == []
    assert sound(prints[name])


@pytest.mark.parametrize("name", CASES)
def test_proposal_has_its_headings_in_order(prints, name):
    with opened(prints[name]) as pdf:
        levels = [int(str(e.S)[2:]) for e in elements(pdf) if re.fullmatch(r"/H\d", str(e.S))]

    assert levels[0] == levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", ["full", "longest"])
def test_proposal_scopes_every_table_header(prints, name):
    with opened(prints[name]) as pdf:
        scopes = {str(e.A.get("/Scope")) for e in elements(pdf) if e.S == pikepdf.Name.TH}

    assert scopes == {"/Column", "/Row"}


def test_receipt_carries_exactly_what_was_frozen(prints):
    with opened(prints["full"]) as pdf:
        [(name, content)] = [(str(spec.UF), spec.EF.F.read_bytes()) for spec in pdf.Root.AF]

    assert (name, content) == ("P-2027-0042-2.json", cases.full().canonical)


def test_receipt_is_titled(prints):
    with opened(prints["full"]) as pdf:
        assert str(pdf.docinfo.Title) == title(cases.full())
    assert title(cases.full()) == "Harbor County Collaboration for Change: P-2027-0042, submission 2"


@pytest.mark.parametrize(
    "words",
    [
        "P-2027-0042, submission 2",
        "Mon 1 Feb 2027, 4:59 pm Eastern",
        "Ana Applicant",
        "ef" * 32,
        "Submission 1, received Wed 20 Jan 2027, 10:00 am Eastern",
        "Łukasz Wiśniewski, the union's president",
        "Not answered.",
        "Reviewers do not see this answer",
        "Educator equity and diversity",
        "Minutes of twelve meetings",
        "$1,200,000 of at most $1,250,000",
        "Four coaches, who stay in their schools.",
        "Rooms and meals",
        "LEAID 4701590",
        "Harbor Community Fund",
        "41.7 %",
        "a gap of 21.7 points",
        "letters.pdf",
        "Dr. Miriam Okafor",
        "Tue 12 Jan 2027, 11:05 am Eastern",
        "do not pass it on",
    ],
)
def test_receipt_says(text, words):
    assert words in text["full"]


def test_receipt_prints_what_people_typed_as_text(text):
    assert "<script>alert(1)</script> & <b>bold</b>" in text["full"]


def test_draft_is_marked_on_every_page(prints, text):
    document = pypdfium2.PdfDocument(prints["empty"])
    pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    document.close()

    assert all("Draft, not submitted" in each for each in pages)
    assert "Fingerprint" not in text["empty"]
    for words in ("No partners yet.", "No schools yet.", "No files.", "Nobody has signed.", "No milestones."):
        assert words in text["empty"]


def test_names_of_many_scripts_are_drawn_and_not_only_copied():
    """The pixels differ from those of the letters a wrong font would show."""
    spelled, wrong = (
        proposal_pdf(replace(cases.full(), content=cases.content(title=name)))
        for name in ("Łukasz Wiśniewski Dvořák", "Ýukasz Wi⇒niewski Dvo°ák")
    )
    pictures = []
    for pdf in (spelled, wrong):
        document = pypdfium2.PdfDocument(pdf)
        pictures.append(document[0].render(scale=1).to_pil().tobytes())
        document.close()

    assert "Łukasz Wiśniewski Dvořák" in text_of(spelled)
    assert pictures[0] != pictures[1]


def test_same_facts_give_the_same_bytes_also_in_a_bounded_process(prints):
    assert produce(proposal_pdf, cases.full()) == prints["full"]
