"""The words of letters of decision: merge fields, the portal's own wording, and filling one in. No database."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from grants.enums import Decision
from portal.words import tidy

SUBJECT_LENGTH = 200  # characters
BODY_LENGTH = 20_000  # characters
_FIELD = re.compile(r"\{([^{}\n]*)\}")
_BRACE = re.compile(r"[{}]")
_BETWEEN_PARAGRAPHS = re.compile(r"\n[ \t]*\n+")


@dataclass(frozen=True)
class Field:
    """A merge field: written `{name}`; `is_list` ones fill lines of their own and have no place in a subject."""

    name: str
    says: str
    is_list: bool = False

    @property
    def written(self) -> str:
        return "{" + self.name + "}"


FIELDS = (
    Field("leads", "the names of the people it goes to"),
    Field("site", "the coalition"),
    Field("proposal", "the title of the proposal"),
    Field("number", "the proposal’s number"),
    Field("round", "the name of the round"),
    Field("foundation", "the name of the foundation"),
    Field("officer", "the program officer who sent the docket"),
    Field("asked", "the dollars the team asked for, five years together"),
    Field("amount", "the dollars awarded, five years together; empty without an award"),
    Field("first_year", "the first school year of the award, such as 2027-28; empty without an award"),
    Field("amounts", "the dollars of each award year, one line a year; empty without an award", is_list=True),
    Field("conditions", "the conditions of the award, as the docket has them", is_list=True),
    Field("note", "what the docket says the applicant is told", is_list=True),
    Field("strengths", "the strengths you chose, as a list", is_list=True),
    Field("weaknesses", "the weaknesses you chose, as a list", is_list=True),
    Field("reviewers", "how many reviewed it, such as “2 reviewers”"),
    Field("scale", "the scale of the rubric, such as “1 (lowest) to 5 (highest)”"),
    Field("scores", "the mean of the reviews for each criterion, one line each", is_list=True),
)
_KNOWN = {field.name: field for field in FIELDS}


@dataclass(frozen=True)
class Wording:
    """A subject and a body, with merge fields or filled in."""

    subject: str
    body: str


_CLOSING = """\
With best wishes,
{officer}
{foundation}"""
_FEEDBACK = """\
{note}

What the reviewers valued:
{strengths}

What they missed:
{weaknesses}"""
PORTAL_WORDING = {
    Decision.AWARD: Wording(
        "Your proposal is funded: {proposal}",
        f"""\
Dear {{leads}},

Congratulations. {{foundation}} will fund “{{proposal}}” of {{site}} with {{amount}} over five years, in answer \
to your proposal {{number}} to “{{round}}”.

The amounts by school year:
{{amounts}}

The award has these conditions:
{{conditions}}

{_FEEDBACK}

The next step is the grant agreement. You find it in the portal under your award, and we write to you when it is ready to sign.

{_CLOSING}""",
    ),
    Decision.WAITLIST: Wording(
        "Your proposal is on the waitlist: {proposal}",
        f"""\
Dear {{leads}},

Thank you for “{{proposal}}”, the proposal of {{site}} ({{number}}) to “{{round}}”. There was not enough money \
for every good proposal. Yours is on the waitlist: when money becomes free, we write to you.

{_FEEDBACK}

You need not do anything now.

{_CLOSING}""",
    ),
    Decision.DECLINE: Wording(
        "The decision on your proposal: {proposal}",
        f"""\
Dear {{leads}},

Thank you for “{{proposal}}”, the proposal of {{site}} ({{number}}) to “{{round}}”. We know how much \
work went into it. We cannot fund it in this round.

{{reviewers}} scored it on a scale from {{scale}}. The means for each criterion:
{{scores}}

{_FEEDBACK}

Your text stays in the portal, so that you can build on it.

{_CLOSING}""",
    ),
}


def fill(wording: Wording, values: Mapping[str, str]) -> Wording:
    """The wording with every field filled in, in one pass: braces in a value stay what they are.

    A paragraph in which all fields are empty is left out, so that no heading stands above nothing.
    """
    subject = _filled(wording.subject, values)
    paragraphs = [_filled(each, values) for each in _paragraphs(wording.body) if not _all_empty(each, values)]
    return Wording(one_line(subject), tidy("\n\n".join(paragraphs)).strip())


def one_line(text: str) -> str:
    """A subject on one line, cut at a word when it is longer than a subject may be."""
    return textwrap.shorten(" ".join(text.split()), SUBJECT_LENGTH, placeholder="…")


def check_wording(wording: Wording) -> None:
    """Raise ValidationError keyed `subject` and `body` for empty or long texts, unknown fields and stray braces."""
    errors = {}
    for name, text, longest in (("subject", wording.subject, SUBJECT_LENGTH), ("body", wording.body, BODY_LENGTH)):
        found = _faults(text, longest, in_subject=name == "subject")
        if found:
            errors[name] = found
    if errors:
        raise ValidationError(errors)


def fields_in(text: str) -> set[str]:
    """The names of the merge fields a text uses."""
    return set(_FIELD.findall(text))


def _faults(text: str, longest: int, *, in_subject: bool) -> list[str]:
    if not text.strip():
        return ["Fill this in."]
    if len(text) > longest:
        return [f"Shorten this to {longest:,} characters."]
    found = []
    for name in dict.fromkeys(_FIELD.findall(text)):
        if name not in _KNOWN:
            found.append(f"There is no field {{{name}}}. Choose one of the list beside the letter.")
        elif in_subject and _KNOWN[name].is_list:
            found.append(f"{{{name}}} fills lines of its own, so it has no place in a subject.")
    if _BRACE.search(_FIELD.sub("", text)):
        found.append("A brace stands alone. Write a field with both braces, such as {site}.")
    return found


def _paragraphs(body: str) -> list[str]:
    return _BETWEEN_PARAGRAPHS.split(tidy(body).strip())


def _all_empty(paragraph: str, values: Mapping[str, str]) -> bool:
    used = fields_in(paragraph)
    return bool(used) and not any(values.get(name, "").strip() for name in used)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _FIELD.sub(lambda found: values.get(found[1], ""), text)
