"""The stages of the demo: how far the story has come when somebody opens the portal."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.core.management import CommandError

from grants.domain.queries.round_dates import working_day
from grants.models import Award, FundingRound, Proposal
from portal import clock
from portal.accounts.models import User
from portal.demo import (
    acts,
    agreements,
    amendments,
    calibration,
    cast,
    closing,
    coalitions,
    discussions,
    districts,
    dockets,
    letters,
    payments,
    reviewers,
    teams,
    years,
)
from portal.demo.coalitions import Coalition
from portal.demo.story import JULY, Company, Line, first_july, tell, together

STAGES = ("open", "review", "award", "reporting", "closed")


def load(stage: str, *, seed: int, today: date) -> None:
    """Load the demo up to a stage. The same stage, seed and day give the same demo.

    Raises CommandError where demo accounts may not exist, or where there are people already.
    """
    if User.objects.exists():
        raise CommandError("There are people in this portal already. The demo starts in an empty database.")
    company = Company(cast.people(), Random(seed))
    districts.load()
    lines = [
        _open_round(company, today), closing.round_that_closes(company, today), reviewers.pool(company, today),
    ]  # fmt: skip
    if stage != "open":
        lines.append(_round_in_review(company, today, decided=stage == "award"))
    if stage in {"reporting", "closed"}:
        lines += _funded_sites(company, today, closed=stage == "closed")
        lines.append(letters.round_to_announce(company, today))
    tell(together(*lines), until=clock.now())


def _open_round(company: Company, today: date) -> Line:
    """A call that is open now, with drafts: one just begun, one half written, one waiting for a signature."""
    closes = working_day(today + timedelta(days=40))
    round_ = yield from acts.call(
        company, f"Closing the Gaps {first_july(closes).year} (demo)", opens=working_day(today - timedelta(days=20)),
        closes=closes, first_year=first_july(closes),
    )  # fmt: skip
    yield from together(
        _half_written(company, round_, today), _waiting_for_a_signature(company, round_, today),
        _just_begun(company, round_, today),
    )  # fmt: skip


def _half_written(company: Company, round_: FundingRound, today: date) -> Line:
    ours = coalitions.JUNIPER
    site = yield from coalitions.found(ours, lead=company.ana, on=today - timedelta(days=18))
    yield from coalitions.take_on(site, company.ben, by=company.ana, on=today - timedelta(days=17))
    draft = yield from teams.begin(round_, site, ours.title, lead=company.ana, on=today - timedelta(days=16))
    yield from teams.write(company, draft, lead=company.ana, on=today - timedelta(days=2), share=60)


def _waiting_for_a_signature(company: Company, round_: FundingRound, today: date) -> Line:
    ours = coalitions.CEDAR
    site, lead = yield from coalitions.newcomer(company, ours, "chen", "Chen Alvarado", today - timedelta(days=15))
    written = yield from teams.begin(round_, site, ours.title, lead=lead, on=today - timedelta(days=14))
    yield from teams.write(company, written, lead=lead, on=today - timedelta(days=6), yearly=Decimal("237500"))
    yield from teams.gather_signatures(written, lead=lead, on=today - timedelta(days=4), partners=2)


def _just_begun(company: Company, round_: FundingRound, today: date) -> Line:
    ours = coalitions.GRANITE
    site, lead = yield from coalitions.newcomer(company, ours, "gwen", "Gwen Adeyemi", today - timedelta(days=3))
    yield from teams.begin(round_, site, ours.title, lead=lead, on=today - timedelta(days=2))


def _round_in_review(company: Company, today: date, *, decided: bool) -> Line:
    """A call that closed five weeks ago: reviews in every state, or decided and announced."""
    closed = working_day(today - timedelta(days=35))
    round_ = yield from acts.call(
        company, f"Closing the Gaps {closed.year}: second call (demo)", opens=working_day(closed - timedelta(days=60)),
        closes=closed, first_year=first_july(closed),
    )  # fmt: skip
    applicants = (
        (coalitions.HARBOR, "hana", "Hana Petrov"),
        (coalitions.PALMETTO, "paul", "Paul Estrada"),
        (coalitions.PIEDMONT, "pia", "Pia Lundgren"),
    )
    proposals = yield from together(
        *(_applicant(company, round_, *who, closed, place) for place, who in enumerate(applicants))
    )
    # The last one still waits to be screened, unless the round is to be decided.
    screened = proposals if decided else proposals[:2]
    yield from together(*(acts.screen(company, each, on=closed + timedelta(days=3)) for each in screened))
    yield from together(
        calibration.calibrate(company, round_, screened[0], on=closed + timedelta(days=4)),
        *(_read(company, each, place, closed, decided=decided) for place, each in enumerate(screened)),
    )
    if not decided:
        yield from discussions.disagree(company, screened[1], on=closed + timedelta(days=6))
        yield from reviewers.plan(company, round_, screened, today=today)
        yield from dockets.weigh(company, round_, on=today - timedelta(days=3))
    else:
        yield from acts.decide(company, round_, proposals[:2], on=closed + timedelta(days=20))
        offered = Award.objects.get(proposal=proposals[0])
        yield from agreements.send_out(company, offered, on=closed + timedelta(days=30), signed=1)


def _applicant(company, round_, coalition: Coalition, handle: str, name: str, closed: date, place: int) -> Line:
    start = closed - timedelta(days=30 - 3 * place)
    site, lead = yield from coalitions.newcomer(company, coalition, handle, name, start - timedelta(days=1))
    yearly = Decimal(250000 - 7500 * place)
    return (yield from teams.apply(company, round_, site, coalition.title, lead=lead, on=start, yearly=yearly))


def _read(company: Company, proposal: Proposal, place: int, closed: date, *, decided: bool) -> Line:
    """Two reviewers; of the later proposals only one has begun, unless the round is to be decided."""
    pair = yield from acts.assign(company, proposal, (company.rita, company.rolf), on=closed + timedelta(days=5))
    yield from acts.score(company, pair[0], on=closed + timedelta(days=14), around=5 - place)
    if decided or place == 0:
        yield from acts.score(company, pair[1], on=closed + timedelta(days=16), around=4, finish=decided)


def _funded_sites(company: Company, today: date, *, closed: bool) -> list[Line]:
    """Sites in years 1, 3 and 5, and reports in every state; with `closed` the oldest award is over."""
    started = today.year if today.month >= JULY else today.year - 1
    return [
        _oldest(company, started - 4 - closed, today, closed=closed),
        _in_the_middle(company, started - 2, today),
        _youngest(company, started),
    ]


def _oldest(company: Company, first_year: int, today: date, *, closed: bool) -> Line:
    award, lead = yield from _funded(company, coalitions.PRAIRIE, "petra", "Petra Holm", first_year)
    yield from years.live_through(company, award, 5 if closed else 3, lead=lead)
    if closed:
        yield from years.close(company, award)
        return
    yield from years.pay(company, award, 4)
    yield from years.send_back(company, (yield from years.report_on(company, award, 4, lead=lead)))
    yield from amendments.extension(company, award, lead=lead, on=today - timedelta(days=9))


def _in_the_middle(company: Company, first_year: int, today: date) -> Line:
    award, lead = yield from _funded(company, coalitions.RIVERS, "lea", "", first_year)
    yield from years.live_through(company, award, 1, lead=lead)
    yield from payments.came_back(company, award, 1)
    yield from payments.pay_in_batch(company, award, 2)
    yield from years.report_on(company, award, 2, lead=lead)
    yield from payments.in_two_parts(company, award, 3, after=timedelta(days=50))
    yield from amendments.small_move(award, lead=lead, on=today - timedelta(days=16), year=3)
    yield from amendments.new_people(award, lead=lead, on=today - timedelta(days=4))


def _youngest(company: Company, first_year: int) -> Line:
    award, lead = yield from _funded(company, coalitions.LAKESHORE, "hugo", "Hugo Brandvold", first_year)
    yield from years.prepare(company, award, 1)
    yield from years.fill(company, award, 1, lead=lead, whole=False)


def _funded(company: Company, coalition: Coalition, handle: str, name: str, first_year: int) -> Line:
    """A round of its own for one site that was funded in it: the active award and its lead."""
    closes = working_day(date(first_year, 1, 29))
    round_ = yield from acts.call(
        company, f"Closing the Gaps {first_year} (demo)", opens=working_day(date(first_year - 1, 11, 2)),
        closes=closes, first_year=date(first_year, JULY, 1),
    )  # fmt: skip
    begins = closes - timedelta(days=40)
    if name:
        site, lead = yield from coalitions.newcomer(company, coalition, handle, name, begins - timedelta(days=1))
    else:
        lead = company.people[handle]
        site = yield from coalitions.found(coalition, lead=lead, on=begins - timedelta(days=1))
    applied = yield from teams.apply(company, round_, site, coalition.title, lead=lead, on=begins)
    proposal = yield from acts.screen(company, applied, on=closes + timedelta(days=4))
    reviewers = (company.rita, company.ruth)
    for review in (yield from acts.assign(company, proposal, reviewers, on=closes + timedelta(days=6))):
        yield from acts.score(company, review, on=closes + timedelta(days=20), around=4)
    yield from acts.decide(company, round_, [proposal], on=closes + timedelta(days=45))
    award = yield from agreements.agree(company, Award.objects.get(proposal=proposal), on=closes + timedelta(days=80))
    return award, lead
