"""The demo's pool of reviewers: what each knows, a standing conflict, somebody invited, a plan that waits to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from grants.domain.assignment import save_plan
from grants.domain.reviewer import declare_disclosure, save_profile, write_staff_note
from grants.domain.reviewer_invitation import invite_reviewer
from grants.enums import DisclosureKind
from grants.models import FundingRound, Proposal
from portal.demo.story import Company, Line, instant
from sites.models import Component, KeyIssue

PROFILES = (
    ("rita", "Ridgeline State University (demo)", 6, ("collaboration", "coherence"), 2),
    ("rolf", "Institute for School Finance (demo)", 4, ("coherence",), 1),
    ("ruth", "Families First Network (demo)", 8, ("partnerships",), 3),
)


def pool(company: Company, today: date) -> Line:
    """Everybody says what they know; one discloses a conflict; one more person is invited."""
    at = yield instant(today - timedelta(days=110))
    issues = list(KeyIssue.objects.order_by("position"))
    for place, (handle, organization, capacity, codes, known) in enumerate(PROFILES):
        person = company.people[handle]
        save_profile(
            person, actor=person, at=at, version=0, organization=organization, capacity=capacity,
            components=Component.objects.filter(code__in=codes), key_issues=issues[place : place + known],
            away_from=today + timedelta(days=20) if handle == "ruth" else None,
            away_until=today + timedelta(days=27) if handle == "ruth" else None,
        )  # fmt: skip
    declare_disclosure(
        company.rolf, actor=company.rolf, at=at, kind=DisclosureKind.ORGANIZATION,
        name="Palmetto Bay Literacy Trust (demo)", address="palmetto-trust.example",
        relationship="I sat on its board until 2024.",
    )  # fmt: skip
    note = "Thorough; likes to hear the due day by phone."
    write_staff_note(company.rolf, actor=company.omar, at=at, version=1, staff_note=note)
    at = yield instant(today - timedelta(days=3))
    invite_reviewer(
        email="noor@demo.example", name="Noor Castellan (demo)", actor=company.omar, at=at,
        note="You know how unions and districts talk to each other. We would be glad to have you.",
    )  # fmt: skip


def plan(company: Company, round_: FundingRound, proposals: Sequence[Proposal], *, today: date) -> Line:
    """A third opinion on each proposal, planned and not sent yet."""
    at = yield instant(today - timedelta(days=1), 15)
    pairs = {(each.pk, company.ruth.pk) for each in proposals[:1]}
    save_plan(
        round_, actor=company.omar, at=at, version=0, per_proposal=3, due_on=today + timedelta(days=14), pairs=pairs
    )
