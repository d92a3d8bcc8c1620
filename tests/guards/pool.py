"""What the world of the access matrix has of reviewers: disclosures, invitations to the pool, plans of who reviews what."""

from grants.domain.reviewer import declare_disclosure
from grants.domain.reviewer_invitation import invite_reviewer
from grants.domain.signoff import digest_of as digest
from grants.enums import DisclosureKind, PlanSource, PlanState
from grants.models import AssignmentPlan, PlannedReview, ReviewerInvitation
from portal.accounts.enums import Role
from tests.factories.accounts import UserFactory


def add_pool(made, reviewer, side: str, *, at) -> None:
    """A reviewer with a standing conflict, somebody invited to the pool, a plan that is made and one that was sent."""
    made.rated, made.pool_token = reviewer, f"{side}-pool"
    made.disclosure = declare_disclosure(
        reviewer, actor=reviewer, at=at, kind=DisclosureKind.PERSON, name="An old friend", address="",
        relationship="We went to school together.",
    )  # fmt: skip
    officer = UserFactory(roles=[Role.OFFICER])
    made.pool_invitation = invite_reviewer(
        # The stranger is the one who may answer ours.
        email="me@stranger.matrix.example" if side == "ours" else "nina@invited.example", name="Nina Newcomer",
        actor=officer, at=at,
    )  # fmt: skip
    ReviewerInvitation.objects.filter(pk=made.pool_invitation.pk).update(token_digest=digest(made.pool_token))
    fields = {"round": made.asked.proposal.round, "per_proposal": 3, "made_by": officer, "created_at": at}
    made.plan = AssignmentPlan.objects.create(reference=f"PL-{side}-1", **fields)
    PlannedReview.objects.create(
        plan=made.plan, proposal=made.asked.proposal, reviewer=officer, source=PlanSource.CHOSEN
    )
    made.sent_plan = AssignmentPlan.objects.create(
        reference=f"PL-{side}-2", state=PlanState.SENT, sent_by=officer, sent_at=at, **fields
    )
