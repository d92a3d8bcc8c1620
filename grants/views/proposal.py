"""A team's pages of its proposals: all of them, starting one, the workspace, what it says."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from grants import rules
from grants.domain import content, presence
from grants.domain import proposal as domain
from grants.domain.queries import change_request as changes
from grants.domain.queries import proposal as queries
from grants.domain.queries import workspace
from grants.domain.queries.closing import closing_for
from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.letter import released_of
from grants.domain.queries.message import count_messages
from grants.domain.queries.proposal_state import applicant_history, applicant_state
from grants.domain.queries.question_version import told_to
from grants.domain.queries.signature import signatures_of
from grants.domain.queries.status import stages_of
from grants.enums import ProposalState, RoundPhase, Section
from grants.forms.proposal import StaffProposalFilter, StartForm, TeamProposalFilter
from grants.models import FundingRound, Proposal
from grants.views import screening
from grants.views.eligibility import forget_answers, kept_answers
from grants.workflow import PROPOSAL
from portal import keyset
from portal.access import Refused
from portal.states import look_of
from sites.enums import SeatRole
from sites.models import Site

_WRITERS = {SeatRole.LEAD, SeatRole.CONTRIBUTOR}


def visible_proposal(request, reference) -> Proposal:
    """The proposal of that number with its round and site. Raises Http404 when this person may not know of it."""
    rows = Proposal.objects.visible_to(request.user).select_related("round", "site")
    return get_object_or_404(rows, reference=reference)


def is_team(request, proposal) -> bool:
    """Whether this person sits on the team of the proposal's site."""
    return proposal.site_id in request.user.seat_roles


@require_safe
def proposal_list(request):
    """Staff see the table of all proposals, a team its own."""
    rows = Proposal.objects.visible_to(request.user).select_related("round", "site")
    if request.user.is_foundation_staff:
        found = StaffProposalFilter(request.GET, rows.defer("set_aside"))
        page = keyset.page(found.qs, request, moment=found.moment)
        context = {"form": found.form, "page": page, "query": request.GET.urlencode()}
        return render(request, "grants/proposal/table.html", context)
    found = TeamProposalFilter(request.GET, rows.defer("set_aside"))
    page = keyset.page(found.qs, request, moment="pk")
    context = {
        "form": found.form,
        "page": page,
        "rows": [(each, *shown_state(each)) for each in page],
        "open": FundingRound.objects.open_at(request.arrived_at).order_by("closes_at", "pk"),
        "has_seats": request.user.has_seats,
    }
    return render(request, "grants/proposal/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_start(request, reference):
    """Choose which of one's coalitions applies, and start its proposal."""
    round_ = get_object_or_404(FundingRound.objects.public(), reference=reference)
    mine = Site.objects.filter(pk__in=[pk for pk, role in request.user.seat_roles.items() if role in _WRITERS])
    sites = mine.exclude(proposals__round=round_).order_by("name", "pk")
    form = StartForm(request.POST or None, sites=sites)
    answered = kept_answers(request, round_)
    status = 200
    if form.is_valid():
        try:
            proposal = domain.start_proposal(
                round_,
                form.cleaned_data["site"],
                actor=request.user,
                at=request.arrived_at,
                title=form.cleaned_data["title"],
                eligibility=answered,
            )
        except Refused as refusal:
            form.add_refusal(refusal)
            status = 409
        else:
            forget_answers(request, round_)
            messages.success(request, "Your proposal is started. Colleagues of your coalition can write here, too.")
            return redirect("grants:proposal-detail", proposal.reference)
    elif form.errors:
        status = 422
    context = {
        "form": form,
        "round": round_,
        "phase": round_.phase_at(request.arrived_at),
        "is_open": round_.phase_at(request.arrived_at) == RoundPhase.OPEN,
        "free": len(sites),
        "answered": bool(answered),
        "taken": Proposal.objects.filter(round=round_, site__in=mine).select_related("site"),
    }
    return render(request, "grants/proposal/start.html", context, status=status)


@require_safe
def proposal_detail(request, reference):
    """The team's workspace, or the record as staff see it."""
    proposal = visible_proposal(request, reference)
    if not is_team(request, proposal):
        return screening.record(request, proposal)
    at = request.arrived_at
    dossier = dossier_of(proposal).gather()
    can_change = queries.may_change(proposal, at)
    writing = presence.writing(proposal, reader=request.user, at=at)
    tasks = workspace.tasks_of(dossier, user=request.user, at=at, writing=writing)
    missing = [(task, text) for task in tasks for text in task.gaps]
    signatures = signatures_of(dossier, at)
    state, look = shown_state(proposal)
    in_time = queries.may_submit_at(proposal, at)
    last = proposal.submissions.order_by("-number").defer("content").first()
    differs = last is not None and _differs(last, proposal)
    page = reverse("grants:proposal-detail", args=[reference])
    context = {
        "proposal": proposal,
        "round": proposal.round,
        "state": state,
        "look": look,
        "can_change": can_change,
        "can_write": bool(can_change and rules.may_write(proposal, request.user)),
        "can_submit": bool(can_change and in_time and rules.may_submit(proposal, request.user)),
        "in_time": in_time,
        "tasks": [(_address(page, task.key), task) for task in tasks],
        "missing": [(_address(page, task.key), text) for task, text in missing],
        "saved_at": workspace.last_saved(dossier),
        "bars": workspace.bars_of(dossier),
        "total": dossier.total,
        "signatures": signatures,
        "is_signed": not any(each.may_ask for each in signatures),
        "last": last,
        "has_newer": differs and bool(can_change),
        "differs": differs,
        "closing": closing_for(proposal, at),
        "can_ask": bool(rules.may_submit(proposal, request.user)),
        "offers": PROPOSAL.offered(proposal, request.user),
        "history": applicant_history(proposal, limit=8),
        "told": told_to(proposal),
        **_after_submitting(dossier, page, at),
    }
    return render(request, "grants/proposal/workspace.html", context)


@require_safe
def proposal_content(request, reference):
    """What the proposal says now, for reading and printing."""
    proposal = visible_proposal(request, reference)
    on_team = is_team(request, proposal)
    context = {
        "proposal": proposal,
        "content": content.build(proposal),
        "is_team": on_team,
        "closed": changes.why_closed(proposal, request.arrived_at) if on_team else "",
    }
    return render(request, "grants/proposal/read.html", context)


@require_safe
def proposal_set_aside(request, reference):
    """What the team had changed after its last submission and never submitted."""
    proposal = visible_proposal(request, reference)
    if proposal.set_aside is None:
        raise Http404
    return render(request, "grants/proposal/set_aside.html", {"proposal": proposal, "content": proposal.set_aside})


def shown_state(proposal):
    """The state as the team may know it, with its look."""
    state = applicant_state(proposal)
    return state, look_of(state.value)


def _after_submitting(dossier, page, at) -> dict:
    """Where the proposal stands, what is asked of the team, and how many messages wait for it."""
    proposal = dossier.proposal
    asked = dossier.change_request
    wanted = changes.wanted_of(dossier)
    number, waiting = count_messages(proposal, foundation=False)
    decided = proposal.decided_at is not None
    return {
        "letter": next(iter(released_of(proposal)), None) if decided else None,
        "stages": stages_of(proposal, at),
        "asked": asked,
        "wanted": [(_address(page, each.key), each) for each in wanted],
        "open_keys": None if asked is None else {Section.SIGNOFFS.value, *(each.key for each in wanted)},
        "is_late": asked is not None and at > asked.due_at,
        "messages_number": number,
        "messages_waiting": waiting,
        "messages_waiting_words": f"{waiting} to answer",
    }


def _address(page, key):
    return f"{page}sections/{key}/"


def _differs(last, proposal) -> bool:
    """Whether the team wrote on after its last submission."""
    return proposal.state == ProposalState.SUBMITTED and last.sha256 != content.digest(content.build(proposal))
