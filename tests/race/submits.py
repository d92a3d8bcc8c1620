"""Scenario: one form is sent by all at once (a double click and its retries), while the deadline passes."""

from grants.domain.submission import submit_proposal
from grants.models import Proposal, Submission
from portal.accounts.models import User
from portal.mail.models import Message
from tests.factories.accounts import UserFactory
from tests.factories.proposals import a_complete_proposal

KEY = "0123456789abcdef0123456789abcdef"


def prepare():
    actor = UserFactory()
    proposal = a_complete_proposal(actor=actor)
    return {"proposal": proposal.pk, "actor": actor.pk}


def act(facts, number):
    proposal = Proposal.objects.select_related("round", "site").get(pk=facts["proposal"])
    actor = User.objects.get(pk=facts["actor"])
    # All arrived at the closing instant; most wait for the lock until long after it.
    submission = submit_proposal(proposal, actor=actor, at=proposal.round.closes_at, key=KEY)
    return f"submission {submission.number}"


def outcome(facts):
    proposal = Proposal.objects.get(pk=facts["proposal"])
    return {
        "state": proposal.state,
        "submissions": list(Submission.objects.values_list("number", flat=True)),
        "receipts": Message.objects.filter(template="proposal_receipt").count(),
        "in_step": proposal.submitted_at == Submission.objects.get().at,
    }
