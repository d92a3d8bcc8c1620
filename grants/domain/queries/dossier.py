"""Everything a proposal is made of, read at once in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import F, FilteredRelation, Q

from grants.domain.queries.baseline import tell
from grants.enums import ProposalState, Section, SignOffState
from grants.models import (
    Attachment,
    AttachmentSlot,
    BaselineResult,
    BaselineTable,
    BudgetLine,
    BudgetNote,
    ChangeRequest,
    MatchLine,
    Milestone,
    Proposal,
    ProposalSection,
    Question,
    SignOff,
    Submission,
)
from portal import programme
from portal.money import ZERO
from portal.together import read_together
from sites.domain.queries.gaps import Gap, record_gaps
from sites.enums import PartnerKind
from sites.models import Component, KeyIssue, Partner, School

# Where an instance keeps its dossier, as Django's own cached properties do.
_KEPT = "_dossier"


@dataclass(frozen=True)
class Part:
    """One section of one proposal: its key, title and, for a plan, the component."""

    key: str
    title: str
    section: Section
    component: Component | None = None

    @property
    def code(self) -> str:
        """The component's code, empty for a section that is no plan."""
        return self.component.code if self.component else ""


class Dossier:
    """A proposal with its parts. Each is one query, made when it is first asked for; `gather` makes most of them at once."""

    def __init__(self, proposal: Proposal):
        self.proposal = proposal
        self.round = proposal.round
        self.site = proposal.site
        # What a partner signs now; `queries.proposal.signable` builds it when it is first asked for.
        self.signable_digest: str | None = None
        # What submitting this very row has just frozen.
        self.submission: Submission | None = None

    @cached_property
    def questions(self) -> list[Question]:
        """The questions of its version in order, each with what this proposal answers as `typed`."""
        mine = FilteredRelation("answers", condition=Q(answers__proposal=self.proposal))
        asked = Question.objects.filter(round=self.round).of_version(self.proposal.questions_version)
        asked = asked.select_related("component").order_by("position", "pk")
        found: list[Question] = []
        for each in asked.annotate(mine=mine).annotate(text=F("mine__text")):
            each.typed = each.text or ""
            found.append(each)
        return found

    @cached_property
    def components(self) -> list[Component]:
        """The components the round asks a plan for, in the programme's order."""
        found = {each.component.pk: each.component for each in self.questions if each.component}
        return sorted(found.values(), key=lambda component: component.position)

    @cached_property
    def partners(self) -> list[Partner]:
        """District, union, community partners by name."""
        return sorted(Partner.objects.filter(site=self.site).order_by("pk"), key=_as_partners_are_told)

    @cached_property
    def record_gaps(self) -> list[Gap]:
        """What the coalition's own record lacks, with where to complete it."""
        return record_gaps(self.site, self.partners, self.schools)

    @cached_property
    def schools(self) -> list[School]:
        return list(School.objects.filter(site=self.site).order_by("name", "pk"))

    @cached_property
    def milestones(self) -> list[Milestone]:
        return list(Milestone.objects.filter(proposal=self.proposal).order_by("year", "pk"))

    @cached_property
    def budget_lines(self) -> list[BudgetLine]:
        return list(BudgetLine.objects.filter(proposal=self.proposal).order_by("year", "pk"))

    @cached_property
    def notes(self) -> dict[tuple[str, str], str]:
        """Why a line of the budget is needed, by (component code, category)."""
        rows = BudgetNote.objects.filter(proposal=self.proposal)
        return {(each.component_id, each.category): each.text for each in rows.order_by("pk")}

    @cached_property
    def match_lines(self) -> list[MatchLine]:
        return list(MatchLine.objects.filter(proposal=self.proposal).order_by("position", "year"))

    @cached_property
    def baseline(self) -> list[dict[str, Any]]:
        """The tables of baseline results as a content tells them."""
        rows = BaselineResult.objects.filter(table__proposal=self.proposal).select_related("table")
        tables: dict[int, tuple[BaselineTable, list[tuple[str, list[int | None]]]]] = {}
        for row in rows.order_by("table__subject", "table__grade_band", "-table__school_year", "pk"):
            tables.setdefault(row.table_id, (row.table, []))[1].append((row.group, row.counts))
        return [tell(table, results) for table, results in tables.values()]

    def gather(self) -> Dossier:
        """Read in one statement what would be eight: for whoever needs the whole of a proposal."""
        if not vars(self).keys() & {"partners", "schools", "milestones", "budget_lines", "slots", "key_issues"}:
            mine = {"proposal": self.proposal}
            partners, schools, milestones, lines, notes, match, slots, issues = read_together(
                Partner.objects.filter(site=self.site),
                School.objects.filter(site=self.site),
                Milestone.objects.filter(**mine),
                BudgetLine.objects.filter(**mine),
                BudgetNote.objects.filter(**mine),
                MatchLine.objects.filter(**mine),
                AttachmentSlot.objects.filter(round=self.round),
                self.proposal.key_issues.all(),
            )
            self.partners = sorted(partners, key=_as_partners_are_told)
            self.schools = sorted(schools, key=lambda each: each.name)
            self.milestones = sorted(milestones, key=lambda each: each.year)
            self.budget_lines = sorted(lines, key=lambda each: each.year)
            self.notes = {(each.component_id, each.category): each.text for each in notes}
            self.match_lines = sorted(match, key=lambda each: (each.position, each.year))
            self.slots = sorted(slots, key=lambda each: each.position)
            self.key_issues = sorted(issues, key=lambda each: each.position)
        return self

    @property
    def held_in_budget(self) -> dict[str, str]:
        """What was typed into the budget and could not be kept as an amount, by the box's name."""
        row = self.saved.get(Section.BUDGET)
        return row.held if row else {}

    @cached_property
    def attachments(self) -> list[Attachment]:
        files = Attachment.objects.current().filter(proposal=self.proposal)
        return list(files.select_related("document", "slot").order_by("pk"))

    @cached_property
    def slots(self) -> list[AttachmentSlot]:
        """The documents the round asks for, in order."""
        return list(AttachmentSlot.objects.filter(round=self.round))

    @property
    def filled(self) -> dict[int, Attachment]:
        """The file of each slot that has one, by the slot's key."""
        return {each.slot_id: each for each in self.attachments if each.slot_id}

    @cached_property
    def change_request(self) -> ChangeRequest | None:
        """What the foundation asks to change now, with its items; only a proposal that was returned has such a request."""
        if self.proposal.state != ProposalState.RETURNED:
            return None
        asked = ChangeRequest.objects.filter(proposal=self.proposal, closed_at=None)
        return asked.select_related("asked_by").prefetch_related("items").first()

    @cached_property
    def submitted(self) -> dict[str, Any]:
        """What was submitted last, empty where nothing was."""
        rows = Submission.objects.filter(proposal=self.proposal).order_by("-number")
        return rows.values_list("content", flat=True).first() or {}

    @cached_property
    def key_issues(self) -> list[KeyIssue]:
        return list(self.proposal.key_issues.order_by("position"))

    @cached_property
    def sign_offs(self) -> list[SignOff]:
        """Every request to a partner, the oldest first."""
        return list(SignOff.objects.filter(proposal=self.proposal).select_related("ended_by").order_by("pk"))

    @cached_property
    def saved(self) -> dict[str, ProposalSection]:
        """Who saved which section last, by the section's key."""
        rows = ProposalSection.objects.filter(proposal=self.proposal).select_related("saved_by")
        return {row.key: row for row in rows}

    @cached_property
    def parts(self) -> list[Part]:
        """The sections of this proposal in order: a plan for each component, the round's own if it asks any."""
        found = []
        for section in Section:
            if section == Section.PLAN:
                found += [Part(f"plan-{each.code}", each.name, section, each) for each in self.components]
            elif section != Section.ROUND or self.asked(section):
                found.append(Part(section.value, section.label, section))
        return found

    def part(self, key: str) -> Part | None:
        """The section of that key, or None."""
        return next((each for each in self.parts if each.key == key), None)

    def asked(self, key: str) -> list[Question]:
        """The questions of a section, in order."""
        return [each for each in self.questions if each.section_key == key]

    def milestones_of(self, part: Part) -> list[Milestone]:
        """The milestones of a plan, in order; none for any other section."""
        return [each for each in self.milestones if each.component_id == part.code]

    def latest_sign_off(self, partner: Partner) -> SignOff | None:
        """The last request to a partner."""
        return next((each for each in reversed(self.sign_offs) if each.partner_id == partner.pk), None)

    @cached_property
    def has_signature(self) -> bool:
        return any(each.state == SignOffState.SIGNED for each in self.sign_offs)

    @cached_property
    def amounts(self) -> dict[tuple[str, str, int], Decimal]:
        """The budget's amounts by (component code, category, year)."""
        return {(line.component_id, line.category, line.year): line.amount for line in self.budget_lines}

    @cached_property
    def year_totals(self) -> dict[int, Decimal]:
        """What each of the award years costs."""
        totals = dict.fromkeys(programme.YEAR_NUMBERS, ZERO)
        for line in self.budget_lines:
            totals[line.year] += line.amount
        return totals

    @cached_property
    def total(self) -> Decimal:
        return sum(self.year_totals.values(), ZERO)


def _as_partners_are_told(partner: Partner) -> tuple[int, str]:
    return PartnerKind.values.index(partner.kind), partner.name


def dossier_of(proposal: Proposal) -> Dossier:
    """The dossier of this instance, read once: a fresh row (from `lock`, from a request) has a fresh one."""
    known: Dossier | None = vars(proposal).get(_KEPT)
    if known is None:
        known = vars(proposal)[_KEPT] = Dossier(proposal)
    return known


def forget_dossier(proposal: Proposal) -> None:
    """Read everything again when it is next asked for: this act has just changed it."""
    vars(proposal).pop(_KEPT, None)
