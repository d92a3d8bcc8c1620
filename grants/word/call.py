"""A call as a Word file to write the answers in, away from the portal: every question with its limit, and room."""

from __future__ import annotations

import io
from collections.abc import Sequence

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt, RGBColor
from docx.table import Table

from grants.enums import QuestionKind, Section
from grants.pdf.call import dates
from grants.pdf.facts import AskedPart, AskedQuestion, CallFacts

LANGUAGE = "en-US"
GREEN = RGBColor(0x12, 0x51, 0x4D)
GREY = RGBColor(0x5C, 0x6A, 0x6E)
# Characters Word's files cannot hold; people paste them without seeing them.
_NOT_ALLOWED = dict.fromkeys([*range(0x20), 0x7F, 0xFFFE, 0xFFFF])
_KEPT = {ord("\n"), ord("\t")}
_TABLE = {code: None for code in _NOT_ALLOWED if code not in _KEPT}
MILESTONE_ROWS = 6
WRITE_HERE = "Write here."


def call_template(facts: CallFacts) -> bytes:
    """The whole file. Headings are Word's own, so that a screen reader and the navigation pane know them."""
    document = docx.Document()
    _set_up(document, facts)
    document.add_heading(_clean(facts.name), 0)
    document.add_paragraph(
        f"A template to write in, from the call {facts.reference} of {facts.foundation}. Nothing is sent from this file: "
        f"copy your answers into the portal before the call closes. {facts.address}"
    )
    _table(document, "Dates and money", ("What", "When or how much"), dates(facts), widths=(1.8, 4.9))
    document.add_paragraph(_clean(facts.summary))
    for part in facts.parts:
        _part(document, part, facts)
    document.add_heading("What happens after you submit", 1)
    for step in facts.afterwards:
        document.add_paragraph(_clean(step), style="List Number")
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _set_up(document: Document, facts: CallFacts) -> None:
    properties = document.core_properties
    properties.title = _clean(f"{facts.name}: template for answers")
    properties.author = properties.last_modified_by = _clean(facts.foundation)
    properties.language, properties.comments = LANGUAGE, facts.reference
    properties.created = properties.modified = facts.issued_at.replace(tzinfo=None)
    page = document.sections[0]
    page.orientation = WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = Inches(8.5), Inches(11)
    page.left_margin = page.right_margin = Inches(0.9)
    page.header.paragraphs[0].text = _clean(f"{facts.name} · {facts.reference}")
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    _say_language(document)
    for level in range(4):
        style = document.styles["Title" if level == 0 else f"Heading {level}"]
        style.font.color.rgb = GREEN


def _say_language(document: Document) -> None:
    """The language of the words, which a screen reader needs to pronounce them."""
    properties = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    found = properties.find(qn("w:lang"))
    language = found if found is not None else OxmlElement("w:lang")
    for name in ("w:val", "w:eastAsia"):
        language.set(qn(name), LANGUAGE)
    if found is None:
        properties.append(language)


def _part(document: Document, part: AskedPart, facts: CallFacts) -> None:
    document.add_heading(_clean(part.title), 1)
    for text in (part.purpose, part.text):
        if text:
            document.add_paragraph(_clean(text))
    for question in part.questions:
        _question(document, question)
    if part.code:
        _plan(document, part)
    elif part.key == Section.BUDGET:
        _budget(document, facts)
    elif part.key == Section.ATTACHMENTS:
        _documents(document, facts)


def _question(document: Document, question: AskedQuestion) -> None:
    document.add_heading(_clean(question.prompt), 2)
    if question.help:
        document.add_paragraph(_clean(question.help))
    limit = document.add_paragraph().add_run(_clean(" · ".join([question.limit, *question.notes])))
    limit.italic, limit.font.color.rgb, limit.font.size = True, GREY, Pt(9.5)
    if question.kind == QuestionKind.YES_NO:
        _boxes(document, ("Yes", "No"))
    elif question.kind == QuestionKind.CHOICE:
        _boxes(document, question.choices)
    else:
        _room(document)


def _boxes(document: Document, choices: Sequence[str]) -> None:
    for choice in choices:
        document.add_paragraph(f"☐ {_clean(choice)}")


def _room(document: Document) -> None:
    """A framed paragraph that grows with what is written in it."""
    paragraph = document.add_paragraph(WRITE_HERE)
    frame = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        edge = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "6"), ("color", "93C0BB")):
            edge.set(qn(f"w:{name}"), value)
        frame.append(edge)
    # The schema wants the frame before spacing and indents; the paragraph has neither yet.
    paragraph._p.get_or_add_pPr().append(frame)
    paragraph.paragraph_format.space_after = Pt(12)


def _plan(document: Document, part: AskedPart) -> None:
    rows = [("", "", "")] * MILESTONE_ROWS
    names = ("By the end of year", "Milestone", "How you will know")
    _table(document, f"Milestones: {part.title}", names, rows, widths=(1.2, 3.1, 2.4))


def _budget(document: Document, facts: CallFacts) -> None:
    for rule in facts.budget_rules:
        document.add_paragraph(_clean(rule), style="List Bullet")
    years = [f"Year {number}" for number in range(1, facts.years + 1)]
    widths = (2.1, *[0.75] * facts.years, 0.85)
    for _, name in facts.components:
        rows = [(category, *[""] * (facts.years + 1)) for category in (*facts.categories, "Together")]
        _table(document, f"Budget: {name}", ("What it pays for", *years, "Together"), rows, widths=widths)


def _documents(document: Document, facts: CallFacts) -> None:
    if facts.documents:
        rows = [
            (f"{each.name}{'' if each.required else ' (optional)'}", each.help, each.kinds) for each in facts.documents
        ]
        _table(document, "Documents we ask for", ("Document", "What it is", "Kind of file"), rows, widths=(2, 3.2, 1.5))


def _table(
    document: Document,
    title: str,
    names: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    widths: Sequence[float],
) -> Table:
    """A table with its name as a heading, a header row that is repeated on each page, and names in the first column."""
    document.add_heading(_clean(title), 2)
    table = document.add_table(rows=1, cols=len(names), style="Table Grid")
    table.autofit = False
    for cell, name in zip(table.rows[0].cells, names, strict=True):
        cell.paragraphs[0].add_run(_clean(name)).bold = True
    _repeat(table)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = _clean(text)
    for column, width in zip(table.columns, widths, strict=True):
        for cell in column.cells:
            cell.width = Inches(width)
    document.add_paragraph()
    return table


def _repeat(table: Table) -> None:
    """Mark the first row as the table's header, for readers of every kind."""
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(header)


def _clean(text: str) -> str:
    return str(text).translate(_TABLE)
