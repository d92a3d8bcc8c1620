"""Ten thousand proposals: what the scene made through the domain, copied by the database itself."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import Model, OuterRef, Subquery

from grants.enums import DocketState, ProposalState, ReviewState
from grants.models import (
    Answer,
    Award,
    AwardAllocation,
    AwardYear,
    BaselineResult,
    BaselineTable,
    BudgetLine,
    BudgetNote,
    BudgetYear,
    DocketAmount,
    DocketLine,
    Milestone,
    Payment,
    Proposal,
    ProposalSection,
    Review,
    Score,
    SiteCommitment,
    Submission,
)
from portal.accounts.enums import Role
from portal.accounts.models import RoleGrant, User
from reporting.models import AnnualReport
from sites.enums import PartnerKind, SeatRole
from sites.models import Partner, School, Seat, Site

PROPOSALS = 10_000
AWARDS = 500
LINES = 99  # added to the draft docket
REVIEWERS = 60
REVIEWS = 3  # of each proposal
BATCH = 2000
# Of every ten proposals: how many are in which state.
STATES = (
    [ProposalState.IN_REVIEW] * 4 + [ProposalState.SUBMITTED] * 2 + [ProposalState.NOT_RECOMMENDED] * 3
    + [ProposalState.RECOMMENDED]
)  # fmt: skip
_WHAT_IS_IN_A_PROPOSAL = (ProposalSection, Answer, Milestone, BaselineTable, BudgetLine, BudgetNote, BudgetYear)


@transaction.atomic
def many() -> dict[str, int]:
    """Add the copies; returns how many proposals there are, and the key after which the last page of them begins."""
    short = Proposal.objects.select_related("site").get(title__startswith="One of many")
    sites = sites_like(short.site, PROPOSALS)
    proposals = _proposals(short, sites)
    _reviews(proposals)
    _docket([each for each in proposals if each.state == ProposalState.IN_REVIEW][:LINES])
    _awards([each for each in proposals if each.state == ProposalState.RECOMMENDED][:AWARDS])
    keys = Proposal.objects.order_by("pk").values_list("pk", flat=True)
    return {"proposals": len(keys), "last": keys[50]}


def tidy() -> None:
    """What a database does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _copies(row: Model, number: int, **changes) -> Model:
    """An unsaved copy with a reference of its own."""
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    if "reference" in values:
        values["reference"] = f"{row.reference[0]}-1999-{number:05d}"
    return type(row)(**values | changes)


def sites_like(site: Site, number: int) -> list[Site]:
    """So many coalitions with partners, schools and a lead each."""
    numbers = range(1, number + 1)
    sites = Site.objects.bulk_create(
        [_copies(site, each, name=f"Coalition {each:05d} of Harbor County", fiscal_agent_id=None) for each in numbers],
        batch_size=BATCH,
    )
    unusable = make_password(None)
    people = User.objects.bulk_create(
        [User(name=f"Lead {each:05d}", email=f"lead{each}@many.example", password=unusable) for each in numbers],
        batch_size=BATCH,
    )
    Seat.objects.bulk_create(
        [Seat(site=site, holder=lead, role=SeatRole.LEAD) for site, lead in zip(sites, people, strict=True)],
        batch_size=BATCH,
    )
    pairs = f"SELECT {site.pk} AS old, id AS new FROM grant_sites_site WHERE reference LIKE 'S-1999-%'"
    own_district = "CASE original.leaid WHEN '' THEN '' ELSE substr(CAST(10000000 + pairs.new AS text), 2) END"
    _copy(Partner, "site_id", pairs, public_id=_uuid(), leaid=own_district)
    _copy(School, "site_id", pairs, public_id=_uuid())
    agents = Partner.objects.filter(site=OuterRef("pk"), kind=PartnerKind.COMMUNITY).values("pk")[:1]
    Site.objects.filter(fiscal_agent=None).update(fiscal_agent=Subquery(agents))
    return sites


def _proposals(short: Proposal, sites: list[Site]) -> list[Proposal]:
    """One proposal a site, with everything in it and its submission."""
    proposals = []
    for number, site in enumerate(sites, 1):
        state = STATES[number % len(STATES)]
        screened = None if state == ProposalState.SUBMITTED else short.round.closes_at
        title = f"Every student counts {number:05d}"
        proposals.append(_copies(short, number, site_id=site.pk, title=title, state=state, screened_at=screened))
    pairs = write_copies(short, proposals)
    _copy(Submission, "proposal_id", pairs, key="'copy:' || pairs.new")
    return proposals


def drafts_like(draft: Proposal, sites: list[Site]) -> list[Proposal]:
    """One draft a site that says what `draft` says. Signatures are not copied: each is of its own proposal's words."""
    drafts = [_copies(draft, number, site_id=site.pk) for number, site in enumerate(sites, 1)]
    write_copies(draft, drafts)
    return drafts


def write_copies(original: Proposal, copies: list[Proposal]) -> str:
    """Insert the copies with what is in the original; returns the pairs of old and new keys as a query."""
    Proposal.objects.bulk_create(copies, batch_size=BATCH)
    pairs = f"SELECT {original.pk} AS old, id AS new FROM grants_proposal WHERE reference LIKE 'P-1999-%'"
    for model in _WHAT_IS_IN_A_PROPOSAL:
        _copy(model, "proposal_id", pairs)
    tables = (
        "SELECT mine.id AS old, theirs.id AS new FROM grants_baselinetable mine JOIN grants_baselinetable theirs"
        " ON theirs.subject = mine.subject AND theirs.grade_band = mine.grade_band AND theirs.id <> mine.id"
        f" AND theirs.school_year = mine.school_year AND theirs.proposal_id IN (SELECT new FROM ({pairs}) copied)"
        f" WHERE mine.proposal_id = {original.pk}"
    )
    _copy(BaselineResult, "table_id", tables)
    return pairs


def _reviews(proposals: list[Proposal]) -> None:
    """Three submitted reviews of every proposal that was screened, by a pool of reviewers."""
    pool = User.objects.bulk_create(
        User(name=f"Reviewer {each:02d}", email=f"reviewer{each}@many.example") for each in range(REVIEWERS)
    )
    RoleGrant.objects.bulk_create(RoleGrant(user=each, role=Role.REVIEWER) for each in pool)
    given = Review.objects.filter(state=ReviewState.SUBMITTED).first()
    screened = [each for each in proposals if each.screened_at for _ in range(REVIEWS)]
    reviews = [
        _copies(given, number, proposal_id=proposal.pk, reviewer_id=pool[number % REVIEWERS].pk)
        for number, proposal in enumerate(screened)
    ]
    Review.objects.bulk_create(reviews, batch_size=BATCH)
    _copy(Score, "review_id", f"SELECT {given.pk} AS old, id AS new FROM grants_review WHERE reference LIKE 'V-1999-%'")


def _docket(proposals: list[Proposal]) -> None:
    """Lines of the draft docket, each an award as its first line is."""
    line = DocketLine.objects.filter(docket__state=DocketState.DRAFT).get()
    DocketLine.objects.bulk_create(
        _copies(line, 0, proposal_id=proposal.pk, rank=rank) for rank, proposal in enumerate(proposals, 2)
    )
    added = f"SELECT {line.pk} AS old, id AS new FROM grants_docketline WHERE rank > 1 AND docket_id = {line.docket_id}"
    _copy(DocketAmount, "line_id", added)


def _awards(proposals: list[Proposal]) -> None:
    """Awards with their years, allocations, payments and annual reports."""
    award = Award.objects.select_related("docket_line").get()
    lines = DocketLine.objects.bulk_create(
        _copies(award.docket_line, 0, proposal_id=proposal.pk, rank=rank) for rank, proposal in enumerate(proposals, 2)
    )
    Award.objects.bulk_create(
        _copies(award, number, proposal_id=proposal.pk, site_id=proposal.site_id, docket_line_id=line.pk)
        for number, (line, proposal) in enumerate(zip(lines, proposals, strict=True), 1)
    )
    pairs = f"SELECT {award.pk} AS old, id AS new FROM grants_award WHERE id <> {award.pk}"
    _copy(AwardYear, "award_id", pairs)
    site_of_award = "(SELECT site_id FROM grants_award WHERE id = pairs.new)"
    years = (
        "SELECT mine.id AS old, theirs.id AS new FROM grants_awardyear mine JOIN grants_awardyear theirs"
        f" ON theirs.number = mine.number AND theirs.id <> mine.id WHERE mine.award_id = {award.pk}"
    )
    site_of_year = site_of_award.replace("pairs.new", "(SELECT award_id FROM grants_awardyear WHERE id = pairs.new)")
    _copy(AwardAllocation, "award_year_id", years)
    _copy(Payment, "award_year_id", years, reference="'M-1999-' || pairs.new")
    _copy(AnnualReport, "award_year_id", years, reference="'N-1999-' || pairs.new", site_id=site_of_year)
    SiteCommitment.objects.bulk_create(
        SiteCommitment(site_id=proposal.site_id, school_year=held.school_year, amount=held.amount, ceiling=held.ceiling)
        for held in SiteCommitment.objects.filter(site=award.site_id)
        for proposal in proposals
    )


def _copy(model: type[Model], owner: str, pairs: str, **expressions: str) -> None:
    """Give every `new` owner of `pairs` the rows the `old` one has; `expressions` are columns that must differ."""
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key and field.column != owner]
    values = [expressions.get(column, f'original."{column}"') for column in columns]
    table = model._meta.db_table
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({owner}, {names}) SELECT pairs.new, {', '.join(values)}"
            f" FROM ({pairs}) pairs JOIN {table} original ON original.{owner} = pairs.old"
        )


def _uuid() -> str:
    """A fresh UUID the way the column keeps it."""
    return "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"
