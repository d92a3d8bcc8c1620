"""What teams do in the demo, act by act, each at its own moment and through the domain."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from grants.domain.baseline import add_results
from grants.domain.budget import save_budget
from grants.domain.proposal import start_proposal
from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.proposal import signable
from grants.domain.section import ELSEWHERE, MilestoneRow, save_section
from grants.domain.signoff import request_sign_off, sign
from grants.domain.submission import submit_proposal
from grants.enums import Section
from grants.models import FundingRound, Proposal
from portal import programme
from portal.accounts.models import User
from portal.demo import grids, prose
from portal.demo.story import Company, Line, instant
from portal.money import CENT
from sites.identifiers import school_year_of
from sites.models import Site

# Shares of a year's money by component and category.
SHARES = (
    ("collaboration", "learning", 18),
    ("collaboration", "personnel", 15),
    ("partnerships", "engagement", 14),
    ("partnerships", "personnel", 18),
    ("coherence", "materials", 12),
    ("coherence", "evaluation", 8),
    ("coherence", "contracts", 15),
)


def begin(round_: FundingRound, site: Site, title: str, *, lead: User, on: date) -> Line:
    """Start a site's proposal."""
    at = yield instant(on)
    return start_proposal(round_, site, actor=lead, at=at, title=title, is_demo=True)


def write(
    company: Company, proposal: Proposal, *, lead: User, on: date, share: int = 100, yearly: Decimal | None = None
) -> Line:
    """Fill the first `share` percent of the sections, the budget last; `yearly` is the money asked for each year."""
    at = yield instant(on, 14)
    parts = [part for part in dossier_of(proposal).parts if part.section not in ELSEWHERE]
    for part in parts[: len(parts) * share // 100]:
        _write_part(company, proposal, part, lead=lead, at=at)
    if share < 100:
        return
    at = yield instant(on, 15)
    tables = grids.results_of(proposal.site.students or 0, company.random, school_year_of(on - timedelta(days=365)))
    add_results(proposal, tables, actor=lead, at=at, version=0)
    at = yield instant(on, 16)
    spend(proposal, yearly or programme.YEARLY_CEILING, lead=lead, at=at)


def _write_part(company, proposal, part, *, lead, at) -> None:
    questions = dossier_of(proposal).asked(part.key)
    answers = {each.key: prose.answer(each.key, proposal.site.place, company.random) for each in questions}
    milestones = None
    if part.component:
        promised = prose.MILESTONES[part.component.code]
        milestones = [MilestoneRow(year, text, "Counted each spring") for year, text in enumerate(promised, 1)]
    issues = ["accountability", "achievement-spectrum"] if part.section == Section.NEED else None
    save_section(
        proposal, part.key, actor=lead, at=at, version=0, answers=answers, milestones=milestones, key_issues=issues
    )


def spend(proposal: Proposal, yearly: Decimal, *, lead: User, at, version: int = 0) -> None:
    """Budget the same money for each year, and say what each line is for and what the partners give."""
    cells = {
        (code, category, year): (yearly * share / 100).quantize(CENT)
        for year in programme.YEAR_NUMBERS
        for code, category, share in SHARES
    }
    save_budget(
        proposal, cells, notes=grids.notes_of(cells), match=grids.match_of(proposal.site.partners.all()), actor=lead,
        at=at, version=version,
    )  # fmt: skip


def gather_signatures(proposal: Proposal, *, lead: User, on: date, partners: int = 3) -> Line:
    """Ask every partner to sign; the first `partners` do, an hour later each."""
    at = yield instant(on, 9)
    asked = []
    for partner in proposal.site.partners.order_by("pk"):
        asked.append((partner, request_sign_off(_fresh(proposal), partner, actor=lead, at=at)))
    for place, (partner, sign_off) in enumerate(asked[:partners], 1):
        at = yield instant(on, 9 + place)
        sign(
            sign_off, name=partner.signatory_name, title=partner.signatory_title, at=at,
            content_sha256=signable(dossier_of(_fresh(proposal))),
        )  # fmt: skip


def submit(company: Company, proposal: Proposal, *, lead: User, on: date) -> Line:
    """Submit a complete and signed proposal."""
    at = yield instant(on, 15)
    key = UUID(int=company.random.getrandbits(128), version=4)
    submit_proposal(_fresh(proposal), actor=lead, at=at, key=str(key))
    return _fresh(proposal)


def apply(
    company: Company, round_, site: Site, title: str, *, lead: User, on: date, yearly: Decimal | None = None
) -> Line:
    """Everything a team does from the first page to the receipt, within ten days."""
    proposal = yield from begin(round_, site, title, lead=lead, on=on)
    return (yield from finish(company, proposal, lead=lead, on=on + timedelta(days=3), yearly=yearly))


def finish(company: Company, proposal: Proposal, *, lead: User, on: date, yearly: Decimal | None = None) -> Line:
    """Write everything, gather the signatures and submit, within a week."""
    yield from write(company, proposal, lead=lead, on=on, yearly=yearly)
    yield from gather_signatures(proposal, lead=lead, on=on + timedelta(days=3))
    return (yield from submit(company, proposal, lead=lead, on=on + timedelta(days=7)))


def _fresh(proposal: Proposal) -> Proposal:
    return Proposal.objects.get(pk=proposal.pk)
