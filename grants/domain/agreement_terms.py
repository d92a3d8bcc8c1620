"""The ordinary terms of an agreement, in the portal's own words, and how a text with headings is read.

They are a start that a foundation edits and has its own lawyer read; the page on which they are edited says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Paragraphs are parted by empty lines; a short line without a full stop above a paragraph is its heading.
STANDARD_TERMS = """\
What the grant is for
{foundation} gives this grant to {site} for the work described in proposal {proposal}, by the three core components \
and in the amounts this agreement lists. It may be used for nothing else.

Who is paid
The money goes to {payee}, which holds it for the coalition, keeps it apart in its books and answers for how it is \
spent. Another organization can be paid only after an amendment.

When money is paid
Payments are made by the schedule in this agreement. A payment is made once its conditions are met. No year and no \
component gets more than this agreement says, and the coalition never holds more than the ceilings it names.

Reporting
The coalition files a report for each year by the day this agreement names. The payment of a following year waits until \
the report before it is accepted.

Changes
The coalition asks for a change before it spends differently from this agreement: money moved between components or \
years, more time, another organization to be paid, other key people. Small moves may be approved by rule.

Records
Receipts and books are kept for four years after the last payment. The foundation may look at them after asking.

Ending early
The coalition may give the grant back, and the foundation may end it for a stated reason, such as money spent \
otherwise, reports that do not come, or a partner who leaves. What was not paid then stays with the foundation, and \
what was paid and not spent is returned.

Telling the public
Both sides may say that the grant was made, to whom, how much and for what. Results are published without any number \
from which a student could be recognized.

The partners
Every partner signs for itself and for its own part in the work. No partner is responsible for another's debts.
"""
_BLANK = re.compile(r"\n\s*\n")
_LONGEST_HEADING = 80


@dataclass(frozen=True)
class Clause:
    """A paragraph of an agreement and its heading, which may be empty."""

    heading: str
    text: str


def standard_terms(*, foundation: str, site: str, proposal: str, payee: str) -> str:
    """The ordinary terms with the names of one award."""
    return STANDARD_TERMS.format(foundation=foundation, site=site, proposal=proposal, payee=payee).strip()


def clauses(text: str) -> list[Clause]:
    """A text as its paragraphs with their headings."""
    return [_clause(block.strip()) for block in _BLANK.split(text.replace("\r\n", "\n")) if block.strip()]


def _clause(block: str) -> Clause:
    first, _, rest = block.partition("\n")
    is_heading = bool(rest.strip()) and len(first) <= _LONGEST_HEADING and first.rstrip()[-1:] not in ".;:,?!"
    return Clause(first.strip(), rest.strip()) if is_heading else Clause("", block)
