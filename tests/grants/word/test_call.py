"""A call as a Word template: read back, with its headings, its language, its tables and room to write."""

import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from grants.word.call import WRITE_HERE, call_template
from portal.documents.domain.office import look_into
from tests.grants.pdf import cases


@pytest.fixture(scope="module")
def content():
    return call_template(cases.call())


@pytest.fixture(scope="module")
def document(content):
    return docx.Document(io.BytesIO(content))


def _headings(document, level):
    return [each.text for each in document.paragraphs if each.style.name == f"Heading {level}"]


def test_template_has_a_heading_for_every_section_and_question(document):
    facts = cases.call()

    assert _headings(document, 1) == [*[part.title for part in facts.parts], "What happens after you submit"]
    for part in facts.parts:
        for question in part.questions:
            assert question.prompt in _headings(document, 2)
    assert document.paragraphs[0].style.name == "Title"


def test_template_says_limits_and_leaves_room(document):
    texts = [each.text for each in document.paragraphs]

    assert texts.count("Up to 800 words · Reviewers do not see the answer") == 4
    assert texts.count(WRITE_HERE) == 4
    assert [each for each in texts if each.startswith("☐")] == ["☐ Yes", "☐ No", "☐ Small", "☐ Ćwierć & <half>"]


def test_template_has_a_budget_table_for_each_component(document):
    budgets = [each for each in document.tables if each.rows[0].cells[0].text == "What it pays for"]

    assert len(budgets) == 3
    assert [cell.text for cell in budgets[0].rows[0].cells] == [
        "What it pays for",
        *[f"Year {n}" for n in range(1, 6)],
        "Together",
    ]
    assert [row.cells[0].text for row in budgets[0].rows[1:]] == [
        "Salaries and benefits",
        "Travel and meetings",
        "Together",
    ]


def test_template_marks_the_header_of_every_table(document):
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_template_says_its_language_and_title(document):
    language = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")

    assert language.get(qn("w:val")) == "en-US"
    assert document.core_properties.title == "Closing the Gaps 2027: template for answers"
    assert document.core_properties.language == "en-US"


def test_template_is_a_file_the_portal_itself_would_take(content):
    assert look_into(content, main_part="word/document.xml") == content
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def test_template_survives_what_people_paste(document):
    hostile = cases.call(name="A\x00B\x0b<call>", summary="\ufffe & \x1f", guidelines="")

    again = docx.Document(io.BytesIO(call_template(hostile)))

    assert again.paragraphs[0].text == "AB<call>"
    assert "Łukasz Wiśniewski Dvořák" in " ".join(each.text for each in document.paragraphs)
