"""Scenario: officers send one plan at once, and three workers carry it out at once: nobody is asked twice for one."""

from grants.domain.assignment import carry_out_plan, send_plan
from grants.enums import ProposalState
from grants.models import AssignmentPlan, Review
from portal.access import Refused
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.mail.models import Message
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory
from tests.factories.reviewers import a_plan
from tests.factories.reviews import REVIEWED_AT
from tests.factories.rounds import RoundFactory

WORKERS = 3


def prepare():
    officer = UserFactory(roles=[Role.OFFICER])
    reviewers = [UserFactory(roles=[Role.REVIEWER]) for _ in range(2)]
    call = RoundFactory()
    proposals = ProposalFactory.create_batch(2, round=call, state=ProposalState.IN_REVIEW, submission=False)
    plan = a_plan(call, officer, *((each, person) for each in proposals for person in reviewers))
    return {"plan": plan.pk, "version": plan.version, "officer": officer.pk}


def act(facts, number):
    plan = AssignmentPlan.objects.select_related("round").get(pk=facts["plan"])
    try:
        send_plan(plan, actor=User.objects.get(pk=facts["officer"]), at=REVIEWED_AT, version=facts["version"])
        said = "sent"
    except Refused:
        said = "refused"
    if number < WORKERS:
        plan = AssignmentPlan.objects.select_related("round", "sent_by").get(pk=facts["plan"])
        carry_out_plan(plan, progress=lambda *_: None)
    return said


def outcome(facts):
    pairs = list(Review.objects.values_list("proposal", "reviewer"))
    mails = Message.objects.filter(template="reviews_assigned")
    return {
        "reviews": len(pairs),
        "pairs": len(set(pairs)),
        "mails": mails.count(),
        "each_of_two": all("2 proposals" in each.subject for each in mails),
    }
