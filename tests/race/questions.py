"""Scenario: changed questions of a call are published while teams save their drafts and one more team starts."""

from grants.domain.proposal import start_proposal
from grants.domain.question import change_question
from grants.domain.question_version import publish_changes
from grants.domain.section import save_section
from grants.models import Answer, FundingRound, Proposal
from portal.accounts.enums import Role
from portal.accounts.models import User
from sites.models import Site
from tests.conftest import NOON
from tests.factories.accounts import UserFactory
from tests.factories.rounds import QuestionFactory, RoundFactory
from tests.factories.sites import a_site

TEAMS = 14


def prepare():
    officer, writer = UserFactory(roles=[Role.OFFICER]), UserFactory()
    round_ = RoundFactory()
    asked = QuestionFactory(round=round_, key="own-1", prompt="Who leads?")
    sites = [a_site(writer, name=f"Harbor {number}") for number in range(TEAMS + 1)]
    drafts = [
        start_proposal(round_, site, actor=writer, at=NOON, title=f"Draft of {site}").pk for site in sites[:TEAMS]
    ]
    change_question(asked, actor=officer, at=NOON, prompt="Who leads it?")
    return {
        "round": round_.pk, "officer": officer.pk, "writer": writer.pk, "drafts": drafts, "late": sites[-1].pk,
    }  # fmt: skip


def act(facts, number):
    writer = User.objects.get(pk=facts["writer"])
    round_ = FundingRound.objects.get(pk=facts["round"])
    if number == TEAMS:
        officer = User.objects.get(pk=facts["officer"])
        publish_changes(round_, notice="We ask more plainly.", actor=officer, at=NOON)
        return "published"
    if number > TEAMS:
        start_proposal(round_, Site.objects.get(pk=facts["late"]), actor=writer, at=NOON, title="Late")
        return "started"
    proposal = Proposal.objects.select_related("round", "site").get(pk=facts["drafts"][number])
    answers = {"own-1": f"Team {number} leads."}
    save_section(proposal, "round", actor=writer, at=NOON, version=0, answers=answers)
    return "saved"


def outcome(facts):
    current = Answer.objects.filter(question__key="own-1", question__since=2).order_by("proposal_id")
    return {
        "versions": sorted(set(Proposal.objects.values_list("questions_version", flat=True))),
        "proposals": Proposal.objects.count(),
        "kept": list(current.values_list("text", flat=True)) == [f"Team {number} leads." for number in range(TEAMS)],
    }
