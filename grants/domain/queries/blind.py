"""A proposal's content without what a reviewer is not told: tax numbers, hidden answers, and in a blind round who applies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grants.domain.queries.baseline import protected
from grants.domain.queries.blind_names import PARTNER, PARTNERS, SCHOOL, Names, names_of

# Files that can be looked through. PDFs and pictures are kept back: what they show, such as a letterhead, cannot be.
OPENED = frozenset({".docx", ".xlsx"})


@dataclass(frozen=True)
class Reading:
    """What somebody reads of a proposal; `names` are those they must not be told, in a review without names."""

    content: dict[str, Any] | None
    names: Names | None = None

    def said(self, text: str) -> str:
        """Another person's words about the proposal, as this reader may have them."""
        return self.names.without(text) if self.names else text


def reading_of(review, reader, *, outside: bool = False) -> Reading:
    """What was submitted last, as this reader of this review may see it; without content when nothing was.

    To its reviewer, in page and PDF alike: without the answers and files the round hides, without tax numbers, small
    groups protected, and where it is read blind without names. Staff see everything, unless it leaves the portal (`outside`).
    """
    proposal = review.proposal
    content = proposal.submissions.order_by("-number").values_list("content", flat=True).first()
    if not content:
        return Reading(None)
    names = None
    if review.reviewer_id == reader.pk and review.is_blind:
        names = names_of(proposal, content)
        content = blinded(content, names)
    if outside or not reader.is_foundation_staff:
        content = protected(without_tax_numbers(without_hidden(content)), blind=names is not None)
    return Reading(content, names)


def blinded(content: dict[str, Any], names: Names) -> dict[str, Any]:
    """The content without names, numbers, files and signatures of the coalition, and with its names taken out of texts.

    Takes out what the portal knows, and whatever looks like an address; what a team tells about itself in other words
    stays. `files` says of those that are not hidden what they are and whether they can be opened.
    """
    coalition = content["coalition"]
    return {
        "components": content["components"],
        "key_issues": content["key_issues"],
        "coalition": {
            "students": None,
            "partners": [{"kind_name": partner["kind_name"]} for partner in coalition["partners"]],
            "schools": [SCHOOL for _ in coalition["schools"]],
        },
        "sections": [_section(section, names) for section in content["sections"]],
        "baseline": [_table(table, names) for table in content["baseline"]],
        "budget": _budget(content["budget"], coalition, names),
        "files": _files(content["attachments"]),
    }


def _files(attachments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The files under neutral names: the foundation's own for what the round asks for, else a number."""
    files = []
    for number, each in enumerate((each for each in attachments if not each["hidden"]), 1):
        ending = "." + each["name"].rpartition(".")[2].lower()
        files.append(
            {
                "document": each["document"],
                "name": f"file-{number}{ending}",
                "title": each["slot"] or f"File {number}",
                "can_open": ending in OPENED,
            }
        )
    return files


def without_hidden(content: dict[str, Any]) -> dict[str, Any]:
    """The content without the answers and files that the round keeps from reviewers."""
    sections = [
        each | {"answers": [answer for answer in each["answers"] if not answer["hidden"]]}
        for each in content["sections"]
    ]
    files = [each for each in content.get("attachments", ()) if not each["hidden"]]
    return content | {"sections": sections} | ({"attachments": files} if "attachments" in content else {})


def without_tax_numbers(content: dict[str, Any]) -> dict[str, Any]:
    """The content without the partners' EINs, which are nobody's business in a review from outside the foundation."""
    coalition = content["coalition"]
    partners = [{name: value for name, value in each.items() if name != "ein"} for each in coalition["partners"]]
    return content | {"coalition": coalition | {"partners": partners}}


def _section(section: dict[str, Any], names: Names) -> dict[str, Any]:
    return section | {
        "answers": [answer | {"text": names.without(answer["text"])} for answer in section["answers"]],
        "milestones": [
            each | {"text": names.without(each["text"]), "measure": names.without(each["measure"])}
            for each in section["milestones"]
        ],
    }


def _table(table: dict[str, Any], names: Names) -> dict[str, Any]:
    """The name of a test tells the state; the names of its levels are written by the team."""
    return table | {"test_name": "", "level_names": [names.without(each) for each in table["level_names"]]}


def _budget(budget: dict[str, Any], coalition: dict[str, Any], names: Names) -> dict[str, Any]:
    """Justifications and match without names; who gives a match is a partner of the coalition."""
    kinds = {each["name"]: PARTNERS.get(each["kind"], PARTNER) for each in coalition["partners"]}

    def line(each: dict[str, Any]) -> dict[str, Any]:
        return each | {"note": names.without(each["note"])}

    rows = [
        each | {"partner": kinds.get(each["partner"], PARTNER), "what": names.without(each["what"])}
        for each in budget["match"]["rows"]
    ]
    return budget | {
        "components": [each | {"lines": [line(row) for row in each["lines"]]} for each in budget["components"]],
        "match": budget["match"] | {"rows": rows},
    }
