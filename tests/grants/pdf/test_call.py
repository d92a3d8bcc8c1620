"""A call as a PDF: its standards, and that everything an applicant has to know stands in it."""

import re
from itertools import pairwise

import pytest

from grants.pdf.call import call_pdf
from tests.grants.pdf import cases
from tests.portal.pdf.samples import elements, failures, opened, sound, text_of


@pytest.fixture(scope="module")
def pdf():
    return call_pdf(cases.call())


@pytest.fixture(scope="module")
def text(pdf):
    return text_of(pdf)


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_call_keeps_the_standards_it_claims(pdf, profile):
    assert failures(pdf, profile) == []
    assert sound(pdf)


def test_call_has_its_headings_in_order(pdf):
    with opened(pdf) as document:
        levels = [int(str(e.S)[2:]) for e in elements(document) if re.fullmatch(r"/H\d", str(e.S))]

    assert levels[0] == levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize(
    "words",
    [
        "Closing the Gaps 2027",
        "Mon 1 Feb 2027, 4:59 pm Eastern",
        "up to $1,250,000",
        "Which gaps do you want to close?",
        "Up to 800 words · Reviewers do not see the answer",
        "Audit report",
        "Kinds of cost: Salaries and benefits, Travel and meetings.",
        "Up to $250,000 a year.",
        "How well it is shown.",
        "5 of 5",
        "You get a receipt.",
        "https://grants.example.org/calls/R-2027-01/",
    ],
)
def test_call_says(text, words):
    assert words in text


def test_call_of_nothing_but_dates_is_sound():
    bare = call_pdf(cases.call(parts=(), documents=(), rubric=(), guidelines="", name="N" * 160, decision_by=None))

    assert failures(bare, "3a") == failures(bare, "ua1") == []


def test_same_facts_give_the_same_bytes(pdf):
    assert call_pdf(cases.call()) == pdf
