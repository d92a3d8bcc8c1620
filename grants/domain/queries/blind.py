"""A proposal's content without what a reviewer is not told: tax numbers, and in a blind round who applies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sites.models import Partner, Seat

HIDDEN = "[hidden]"
# Shorter names are words of their own too often to be taken out of a text.
SHORTEST = 4


def blinded(content: dict[str, Any], proposal) -> dict[str, Any]:
    """The content without names, numbers, files and signatures of the coalition, and with its names taken out of texts.

    Takes out what the portal knows: the names of the site, place, partners, schools, signatories and team members, and
    their addresses. What a team tells about itself in other words stays. Two queries.
    """
    coalition = content["coalition"]
    pattern = _any_of([*_names_in(content), *_names_of_people(proposal)])
    return {
        "components": content["components"],
        "key_issues": content["key_issues"],
        "coalition": {
            "students": None,
            "partners": [{"kind_name": partner["kind_name"]} for partner in coalition["partners"]],
            "schools": [HIDDEN for _ in coalition["schools"]],
        },
        "sections": [_section(section, pattern) for section in content["sections"]],
        "baseline": content["baseline"],
        "budget": _budget(content["budget"], pattern),
    }


def without_tax_numbers(content: dict[str, Any]) -> dict[str, Any]:
    """The content without the partners' EINs, which are nobody's business in a review from outside the foundation."""
    coalition = content["coalition"]
    partners = [{name: value for name, value in each.items() if name != "ein"} for each in coalition["partners"]]
    return content | {"coalition": coalition | {"partners": partners}}


def _section(section: dict[str, Any], pattern: re.Pattern) -> dict[str, Any]:
    def without(text: str) -> str:
        return pattern.sub(HIDDEN, text)

    return section | {
        "answers": [answer | {"text": without(answer["text"])} for answer in section["answers"]],
        "milestones": [
            each | {"text": without(each["text"]), "measure": without(each["measure"])}
            for each in section["milestones"]
        ],
    }


def _budget(budget: dict[str, Any], pattern: re.Pattern) -> dict[str, Any]:
    """Justifications and match without names; who gives a match is a partner of the coalition."""

    def line(each: dict[str, Any]) -> dict[str, Any]:
        return each | {"note": pattern.sub(HIDDEN, each["note"])}

    rows = [each | {"partner": HIDDEN, "what": pattern.sub(HIDDEN, each["what"])} for each in budget["match"]["rows"]]
    return budget | {
        "components": [each | {"lines": [line(row) for row in each["lines"]]} for each in budget["components"]],
        "match": budget["match"] | {"rows": rows},
    }


def _names_in(content: dict[str, Any]) -> Iterable[str]:
    coalition = content["coalition"]
    yield from (content["title"], coalition["name"], coalition["place"], coalition["fiscal_agent"])
    for partner in coalition["partners"]:
        yield from (partner["name"], partner["leaid"], partner["uei"])
        # With the dash of letters from the IRS and without it, as people write it.
        yield from (partner["ein"], partner["ein"].replace("-", ""))
    for school in coalition["schools"]:
        yield from (school["name"], school["ncessch"])
    for file in content["attachments"]:
        # What a round asks for by name is everybody's word; a title of the team's own may name somebody.
        yield from (file["name"], "" if file["slot"] else file["title"])
    for signature in content["sign_offs"]:
        yield signature["name"]


def _names_of_people(proposal) -> Iterable[str]:
    signatories = Partner.objects.filter(site=proposal.site_id)
    team = Seat.objects.filter(site=proposal.site_id)
    for row in (
        *signatories.values_list("signatory_name", "signatory_email"),
        *team.values_list("holder__name", "holder__email"),
    ):
        yield from row


def _any_of(names: Iterable[str]) -> re.Pattern:
    """Matches any of the names as whole words, the longest first, in any case and spacing."""
    wanted = sorted({name.strip() for name in names if len(name.strip()) >= SHORTEST}, key=len, reverse=True)
    spelled = [r"\s+".join(re.escape(word) for word in name.split()) for name in wanted]
    return re.compile(rf"(?<!\w)(?:{'|'.join(spelled)})(?!\w)", re.IGNORECASE)
