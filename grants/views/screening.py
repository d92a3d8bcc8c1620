"""The staff's side of a proposal: its record page."""

from django.shortcuts import render

from grants import rules
from grants.domain.queries import change_request as changes
from grants.domain.queries import scores, screening
from grants.domain.queries.closing import closing_for
from grants.domain.queries.conflict import known_conflicts
from grants.domain.queries.differences import changed_by
from grants.domain.queries.extension import may_extend
from grants.domain.queries.message import count_messages
from grants.domain.queries.review import reviewer_pool, reviews_of
from grants.domain.queries.screening_checks import answers_of, checks_of
from grants.enums import ProposalState, ReviewState
from grants.forms.review import AssignForm
from grants.models import Award
from grants.workflow import PROPOSAL
from portal.activity.domain import timeline
from portal.certain import certain
from portal.workflow import Offer

# From review on a docket may hold it; an award is made before it is announced.
_AWARDED = frozenset({ProposalState.RECOMMENDED, ProposalState.AWARDED})
_DECIDING = _AWARDED | {
    ProposalState.IN_REVIEW, ProposalState.NOT_RECOMMENDED, ProposalState.WAITLISTED, ProposalState.DECLINED,
}  # fmt: skip

# What the checks are for; what was found eligible over a warning stands in the history.
_UNSCREENED = frozenset({ProposalState.SUBMITTED, ProposalState.RETURNED})


def record(request, proposal, *, assign_form=None, status=200):
    """A proposal as staff see it; the caller has fetched it through `visible_to`, with round and site."""
    submission = proposal.submissions.order_by("-number").select_related("by").first()
    content = submission.content if submission else None
    reviews = reviews_of(proposal)
    line = screening.deciding_line(proposal) if proposal.state in _DECIDING else None
    means = [certain(review.weighted_mean) for review in reviews if review.state == ReviewState.SUBMITTED]
    context = {
        "proposal": proposal,
        "submission": submission,
        "content": content,
        "checks": checks_of(proposal, content) if content and proposal.state in _UNSCREENED else [],
        "answers": answers_of(content) if content else [],
        "reviews": reviews,
        "mean": scores.mean(means),
        "split": scores.are_split(means, proposal.round.top_score),
        "line": line,
        "award": Award.objects.filter(proposal=proposal).first() if proposal.state in _AWARDED else None,
        "next": screening.next_step(proposal, reviews, line.docket if line else None),
        "closing": closing_for(proposal, request.arrived_at),
        "may_give_time": rules.may_run_rounds(proposal.round, request.user) and may_extend(proposal),
        "offers": PROPOSAL.offered(proposal, request.user),
        "history": timeline(proposal),
        **_between(request, proposal, submission),
        **_assigning(request, proposal, reviews, assign_form),
    }
    return render(request, "grants/proposal/record.html", context, status=status)


def _between(request, proposal, submission) -> dict:
    """What went to and fro with the team: requests, messages, and what the last submission changed."""
    number, waiting = count_messages(proposal, foundation=True)
    step = PROPOSAL.by_name["return"]
    may_ask = proposal.state in step.sources and step.may(proposal, request.user)
    return {
        "requests": changes.requests_of(proposal, submission.content) if submission else [],
        "changed": changed_by(submission) if submission else [],
        "ask": Offer(step, tuple(step.hindrances(proposal))) if may_ask else None,
        "may_extend": proposal.state == ProposalState.RETURNED and bool(rules.may_screen(proposal, request.user)),
        "messages_number": number,
        "messages_waiting": waiting,
        "messages_waiting_words": f"{waiting} to answer",
    }


def assign_form_for(proposal, data=None, reviews=None) -> tuple[AssignForm, dict[int, str]]:
    """The form that asks a reviewer, and by the person's key why somebody else in the pool cannot be asked."""
    given = proposal.reviews.real() if reviews is None else reviews
    asked = {review.reviewer_id for review in given}
    pool = [each for each in reviewer_pool() if each.person.pk not in asked]
    conflicts = known_conflicts(proposal, [each.person for each in pool])
    free = [each for each in pool if each.person.pk not in conflicts]
    return AssignForm(data, pool=free), conflicts


def _assigning(request, proposal, reviews, form) -> dict:
    can_assign = bool(rules.may_assign(proposal, request.user)) and proposal.state == ProposalState.IN_REVIEW
    if not can_assign:
        return {"can_assign": False}
    fresh, conflicts = assign_form_for(proposal, reviews=reviews)
    return {"can_assign": True, "assign_form": form or fresh, "conflicts": sorted(conflicts.values())}
