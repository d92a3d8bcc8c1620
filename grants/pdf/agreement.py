"""A grant agreement as a PDF, sent or signed: facts in, bytes out, nothing read from anywhere else."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.template.loader import render_to_string

from portal.pdf.render import Attachment, render

TEMPLATE = "pdf/agreement.html"


@dataclass(frozen=True)
class Signed:
    """One signature: for whom, by whom, and when in words."""

    party: str
    name: str
    title: str
    when: str


@dataclass(frozen=True)
class AgreementPrint:
    """An agreement to print: a content, its one spelling (`canonical`), and its `reading`, with days in words.

    All three come from `grants.domain.agreement_content`.
    `signatures` are all of them, the foundation's last; empty while it waits for them. `printed_at` dates the document.
    """

    portal: str
    foundation: str
    content: dict[str, Any]
    reading: Any
    canonical: bytes
    sha256: str
    sent: str
    printed_at: datetime
    signatures: tuple[Signed, ...] = ()

    @property
    def name(self) -> str:
        """`A-2027-0042-agreement-1` and, once signed, `A-2027-0042-agreement-1-signed`."""
        signed = "-signed" if self.signatures else ""
        return f"{self.content['award']}-agreement-{self.content['number']}{signed}"


def agreement_pdf(facts: AgreementPrint) -> bytes:
    """The whole document with its content, and its signatures, attached as JSON. The same facts give the same bytes.

    Raises portal.pdf.render.RenderFailed. Call it through `portal.pdf.bounded.produce`: nothing in it is limited.
    """
    files = [Attachment(f"{facts.name}.json", facts.canonical, "What was agreed, as JSON: exactly what was signed")]
    if facts.signatures:
        given = json.dumps([asdict(each) for each in facts.signatures], ensure_ascii=False, sort_keys=True).encode()
        files.append(Attachment(f"{facts.name}-signatures.json", given, "The signatures, as JSON"))
    context = {
        "facts": facts,
        "content": facts.content,
        "reading": facts.reading,
        "title": title(facts),
        "files": [(file, sha256(file.content).hexdigest()) for file in files],
    }
    return render(render_to_string(TEMPLATE, context), title=title(facts), created=facts.printed_at, attachments=files)


def title(facts: AgreementPrint) -> str:
    """The document's title, as a reader's window shows it."""
    state = "signed" if facts.signatures else "for signature"
    return f"{facts.content['coalition']['name']}: grant agreement {facts.content['reference']}, {state}"
