"""Scenario: a team submits its changes while officers press "Go on without the changes"."""

from datetime import timedelta
from uuid import UUID

from grants.domain import content
from grants.domain.change_request import ask_for_changes
from grants.domain.queries.dossier import dossier_of
from grants.domain.section import save_section
from grants.domain.submission import submit_proposal
from grants.models import ChangeRequest, Proposal
from grants.workflow import PROPOSAL
from portal import clock
from portal.access import Refused
from portal.accounts.enums import Role
from portal.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.factories.proposals import a_submitted_proposal, sign_everything

OWN = ("title", "sections", "budget", "attachments")


def prepare():
    actor, officer = UserFactory(), UserFactory(roles=[Role.OFFICER])
    proposal = a_submitted_proposal(actor=actor)
    at = proposal.round.closes_at + timedelta(days=1)
    with clock.at(at):
        ask_for_changes(
            proposal, actor=officer, at=at, note="A question.", due_at=at + timedelta(days=9),
            items={"sustainability": "Who pays?"},
        )  # fmt: skip
        row = _fresh(proposal.pk)
        version = dossier_of(row).saved["sustainability"].version
        answers = {"after-the-grant": "The district pays."}
        save_section(row, "sustainability", actor=actor, at=at, version=version, answers=answers)
        sign_everything(_fresh(proposal.pk), actor, at=at)
    return {"proposal": proposal.pk, "actor": actor.pk, "officer": officer.pk}


def act(facts, number):
    proposal = _fresh(facts["proposal"])
    at = proposal.round.closes_at + timedelta(days=2)
    try:
        if number % 2:
            officer = User.objects.get(pk=facts["officer"])
            PROPOSAL.perform(proposal, "close_changes", actor=officer, at=at, comment="Time is over.")
            return "closed"
        actor = User.objects.get(pk=facts["actor"])
        submit_proposal(proposal, actor=actor, at=at, key=UUID(int=number + 1).hex)
    except Refused:
        return "refused"
    return "submitted"


def outcome(facts):
    proposal = _fresh(facts["proposal"])
    asked = ChangeRequest.objects.get()
    last = proposal.submissions.latest("number")
    now = content.build(proposal)
    return {
        "state": proposal.state,
        "is_closed": asked.closed_at is not None,
        "answered_by_the_second": (last.number == 2) == (asked.answered_by_id == last.pk) == (last.number > 1),
        "says_what_was_submitted": all(now[part] == last.content[part] for part in OWN),
        "nothing_lost": last.number > 1 or proposal.set_aside is not None,
    }


def _fresh(pk):
    return Proposal.objects.select_related("round", "site").get(pk=pk)
