"""Makes proposals: rows in any state, and complete ones written and submitted through the domain."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import factory

from grants.domain import content
from grants.domain.baseline import Place, TableFacts, save_table
from grants.domain.budget import save_budget
from grants.domain.proposal import start_proposal
from grants.domain.queries.dossier import dossier_of, forget_dossier
from grants.domain.queries.proposal import signable
from grants.domain.section import MilestoneRow, save_section
from grants.domain.signoff import request_sign_off, sign
from grants.domain.submission import submit_proposal
from grants.enums import BudgetCategory, ProposalState, QuestionKind, Section
from grants.models import ChangeItem, ChangeRequest, Proposal, Submission
from portal import programme
from portal.activity.domain import allocate
from sites.enums import SeatRole
from tests.conftest import NOON
from tests.factories.accounts import UserFactory
from tests.factories.rounds import RoundFactory
from tests.factories.sites import SeatFactory, a_site

SUBMITTED_AT = datetime(2026, 10, 20, 15, 0, tzinfo=UTC)
# Nine days after the round of the factories closes, at 5 pm Eastern.
CHANGES_DUE = datetime(2026, 11, 8, 22, 0, tzinfo=UTC)
_DECIDED = {ProposalState.AWARDED, ProposalState.WAITLISTED, ProposalState.DECLINED}
_SCREENED = _DECIDED | {
    ProposalState.INELIGIBLE, ProposalState.IN_REVIEW, ProposalState.RECOMMENDED, ProposalState.NOT_RECOMMENDED,
}  # fmt: skip


class ProposalFactory(factory.django.DjangoModelFactory):
    """A proposal's row in any `state`, with the stamps that state needs, and the submission where there was one.

    `submission=False` leaves the submission out (tests that make many rows). Nothing is answered.
    """

    class Meta:
        model = Proposal
        skip_postgeneration_save = True

    reference = factory.LazyFunction(lambda: allocate("P", 2026))
    round = factory.SubFactory(RoundFactory)
    site = factory.LazyFunction(a_site)
    title = factory.Sequence(lambda n: f"Every student counts {n}")
    state = ProposalState.DRAFT
    started_by = factory.SubFactory(UserFactory)
    created_at = NOON

    @factory.lazy_attribute
    def submitted_at(self):
        return None if self.state in {ProposalState.DRAFT, ProposalState.WITHDRAWN} else SUBMITTED_AT

    @factory.lazy_attribute
    def screened_at(self):
        return SUBMITTED_AT if self.state in _SCREENED else None

    @factory.lazy_attribute
    def decided_at(self):
        return SUBMITTED_AT if self.state in _DECIDED else None

    @factory.lazy_attribute
    def withdrawn_at(self):
        return SUBMITTED_AT if self.state == ProposalState.WITHDRAWN else None

    @factory.post_generation
    def submission(self, create, extracted, **kwargs):
        if self.submitted_at is None or extracted is False:
            return
        frozen = content.build(self)
        Submission.objects.create(
            proposal=self,
            number=1,
            at=self.submitted_at,
            by=self.started_by,
            content=frozen,
            sha256=content.digest(frozen),
            key=f"{self.reference}:{uuid4().hex}",
        )
        forget_dossier(self)

    @factory.post_generation
    def asked(self, create, extracted, **kwargs):
        """A returned proposal has an open request; `asked` names its sections (the budget unless told)."""
        if self.state == ProposalState.RETURNED:
            ask(self, *(extracted or [Section.BUDGET]))


def ask(proposal, *keys, due_at=CHANGES_DUE, asked_by=None, asked_at=SUBMITTED_AT) -> ChangeRequest:
    """The rows of an open request for changes in these sections."""
    asked = ChangeRequest.objects.create(
        proposal=proposal,
        note="Please explain year 2.",
        due_at=due_at,
        asked_by=asked_by or proposal.started_by,
        asked_at=asked_at,
    )
    for key in keys:
        ChangeItem.objects.create(request=asked, section=key, what=f"Please change {key}.")
    forget_dossier(proposal)
    return asked


def a_budget(proposal, yearly=Decimal("240000.00")) -> dict:
    """Cells that cost `yearly` in each of the five years, split over the components."""
    codes = [each.code for each in dossier_of(proposal).components]
    share = (yearly / len(codes)).quantize(Decimal("1"))
    cells = {}
    for year in programme.YEAR_NUMBERS:
        for code in codes[1:]:
            cells[code, BudgetCategory.PERSONNEL.value, year] = share
        cells[codes[0], BudgetCategory.LEARNING.value, year] = yearly - share * (len(codes) - 1)
    return cells


def some_results(**facts) -> TableFacts:
    """A small table of results of two student groups, of which nobody has to be protected."""
    counts = {"white": [100, 200, 300, 200], "hispanic": [120, 160, 90, 30]}
    place = Place("mathematics", "3-8", "2025-26")
    levels = ["Beginning", "Nearing", "Proficient", "Advanced"]
    return TableFacts(**{"place": place, "level_names": levels, "proficient_from": 3, "counts": counts} | facts)


def write_everything(proposal, actor, *, at=NOON, yearly=Decimal("240000.00")) -> None:
    """Answer every question, add a milestone to each plan and enter the budget, through the domain."""
    for part in dossier_of(proposal).parts:
        asked = dossier_of(proposal).asked(part.key)
        if part.section in {Section.BASELINE, Section.BUDGET, Section.ATTACHMENTS, Section.SIGNOFFS}:
            continue
        answers = {each.key: _an_answer(each) for each in asked}
        rows = [MilestoneRow(1, "Leadership team meets every month", "Minutes of twelve meetings")]
        save_section(
            proposal, part.key, actor=actor, at=at, version=0, answers=answers,
            milestones=rows if part.section == Section.PLAN else None,
        )  # fmt: skip
    save_table(proposal, some_results(), actor=actor, at=at, version=0)
    cells = a_budget(proposal, yearly)
    notes = {(code, category): f"What {category} pays for is said here." for code, category, _ in cells}
    save_budget(proposal, cells, notes=notes, actor=actor, at=at, version=0)


def sign_everything(proposal, actor, *, at=NOON) -> None:
    """Ask every partner to sign and sign for each, through the domain."""
    for partner in proposal.site.partners.all():
        sign_off = request_sign_off(proposal, partner, actor=actor, at=at)
        forget_dossier(proposal)
        sha256 = signable(dossier_of(proposal))
        sign(sign_off, name=partner.signatory_name, title=partner.signatory_title, content_sha256=sha256, at=at)
    forget_dossier(proposal)


def a_complete_proposal(site=None, round=None, actor=None, *, at=NOON, yearly=Decimal("240000.00")) -> Proposal:
    """A draft that lacks nothing, written and signed through the domain by `actor` (who gets a seat if need be)."""
    actor = actor or UserFactory()
    site = site or a_site(actor)
    if site.pk not in actor.seat_roles:
        SeatFactory(site=site, holder=actor, role=SeatRole.LEAD)
    round = round or RoundFactory()
    proposal = start_proposal(round, site, actor=actor, at=at, title=f"{site} closes its gaps")
    write_everything(proposal, actor, at=at, yearly=yearly)
    sign_everything(proposal, actor, at=at)
    return Proposal.objects.select_related("round", "site").get(pk=proposal.pk)


def a_submitted_proposal(site=None, round=None, actor=None, *, at=NOON, yearly=Decimal("240000.00")) -> Proposal:
    """A complete proposal, submitted through the domain."""
    actor = actor or UserFactory()
    proposal = a_complete_proposal(site, round, actor, at=at, yearly=yearly)
    submit_proposal(proposal, actor=actor, at=at, key=uuid4().hex)
    return Proposal.objects.select_related("round", "site").get(pk=proposal.pk)


def _an_answer(question) -> str:
    if question.kind == QuestionKind.YES_NO:
        return "yes"
    if question.kind == QuestionKind.NUMBER:
        return "12"
    if question.kind == QuestionKind.CHOICE:
        return question.choices[0]
    return f"What we plan for {question.key} is written here in plain words."
