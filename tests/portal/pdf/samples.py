"""Small documents for the tests of the print kit, and readers of what came out."""

import io
from datetime import UTC, datetime

import page
import pikepdf
import pypdfium2

MOMENT = datetime(2027, 9, 14, 19, 42, tzinfo=UTC)
# Reported for a stream whose compressed bytes end in a carriage return; the length is right (qpdf agrees, see `sound`).
FALSE_ALARM = "PDFA3A-STREAM-LENGTH-001"
TABLE = (
    "<table><thead><tr><th scope='col'>Group</th><th scope='col'>Share</th></tr></thead>"
    "<tbody><tr><th scope='row'>All students</th><td>34.4 %</td></tr></tbody></table>"
)
DRAWING = (
    "<figure><svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 10' width='50' height='50'><title>Gap</title>"
    "<desc>White 42.0 %, Black 9.7 %.</desc><rect width='9' height='9' fill='#12514d'/></svg></figure>"
)


def html(body: str) -> str:
    return f"<!doctype html><html><head><meta charset='utf-8'></head><body>{body}</body></html>"


SAMPLE = html(
    f"<h1>Harbor County</h1><p><a href='#results'>See the results</a></p><h2 id='results'>Results</h2>{TABLE}{DRAWING}"
)


def text_of(pdf: bytes) -> str:
    """All text, page after page, in lines joined by single spaces."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    document.close()
    return " ".join(" ".join(pages).split())


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def elements(pdf: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    """Every structure element, in reading order."""
    found = []

    def walk(node):
        if isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found.append(node)
        kids = node.get("/K", []) if isinstance(node, pikepdf.Dictionary) else []
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary):
                walk(kid)

    walk(pdf.Root.StructTreeRoot)
    return found


def failures(pdf: bytes, profile: str) -> list[str]:
    """What the validator has against the file; one rule of its is known to be wrong and is checked another way."""
    report = page.validate_pdf_bytes(pdf, profile=profile)
    return [failure.message for failure in report.failures if failure.rule_id != FALSE_ALARM]


def sound(pdf: bytes) -> bool:
    """Whether qpdf reads the file without a complaint, the lengths of its streams included."""
    with opened(pdf) as document:
        return document.check_pdf_syntax() == []
