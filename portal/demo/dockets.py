"""The demo's docket in the making: a draft for the round in review, and a scenario beside it with smaller awards."""

from __future__ import annotations

from datetime import date, timedelta

from grants.domain.docket import prepare_docket
from grants.domain.docket_line import change_line, share_awards
from grants.domain.scenario import copy_docket
from grants.enums import Decision
from grants.models import FundingRound
from portal.demo import acts
from portal.demo.story import Company, Line, instant


def weigh(company: Company, round_: FundingRound, *, on: date) -> Line:
    """Omar ranks what is in review; a day later he tries what 90 percent of it would leave, under a condition."""
    at = yield instant(on)
    docket = prepare_docket(round_, actor=company.omar, at=at, title="Everybody, full ask")
    at = yield instant(on + timedelta(days=1))
    scenario = copy_docket(docket, title="Everybody, 90%", actor=company.omar, at=at)
    line = scenario.lines.select_related("docket__round", "proposal__site").earliest("rank")
    change_line(
        line, actor=company.omar, at=at, version=scenario.version, decision=Decision.AWARD, feedback="",
        amounts=acts.asked_for(line.proposal), note="The strongest part of the union in this round.",
        conditions="Hire the data coach before the second year starts.",
    )  # fmt: skip
    share_awards(scenario, percent=90, actor=company.omar, at=at)
