"""Pages of the letters of decision: a docket's letters, one of them, releasing, and the letter as its team reads it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants import rules
from grants.domain import letter as domain
from grants.domain.queries import letter as queries
from grants.domain.queries.letter import Tally
from grants.enums import DocketState
from grants.forms.letter import LetterForm, ReleaseForm
from grants.models import Docket, Letter
from grants.views.proposal import is_team, visible_proposal
from portal.access import Refused, demand
from portal.forms import typed
from portal.mail.models import Message
from portal.record import Stale

_SENDS_LETTERS = {DocketState.APPROVED, DocketState.ANNOUNCED}


def staff_docket(request, reference) -> Docket:
    """The docket of that number with its round. Raises Http404 when this person may not know of it."""
    dockets = Docket.objects.visible_to(request.user).select_related("round", "sent_by")
    return get_object_or_404(dockets, reference=reference)


def _standing(docket, reference) -> queries.Standing:
    """The line of that proposal. Raises Http404 for one that gets no letter from the docket."""
    lines = list(queries.told_lines(docket).filter(proposal__reference=reference))
    if not lines or docket.state not in _SENDS_LETTERS:
        raise Http404
    (found,) = queries.standings(docket, lines)
    return found


def _letter(request, reference, proposal) -> Letter:
    letters = Letter.objects.filter(line__docket=staff_docket(request, reference))
    return get_object_or_404(
        letters.select_related("line__docket", "line__proposal"), line__proposal__reference=proposal
    )


@require_safe
def letter_list(request, reference):
    """Every line of a docket with its letter: how it stands, what is missing, what became of the mail."""
    docket = staff_docket(request, reference)
    demand(rules.may_read_as_staff(docket, request.user))
    rows = queries.standings(docket) if docket.state in _SENDS_LETTERS else []
    waiting = [each for each in rows if not each.is_released]
    can_announce = bool(rules.may_announce(docket, request.user))
    context = {
        "docket": docket,
        "round": docket.round,
        "rows": rows,
        "waiting": Tally(tuple(waiting)),
        "released": len(rows) - len(waiting),
        "unwritten": any(each.letter is None or each.is_behind for each in waiting),
        "warned": sum(bool(each.warnings) for each in waiting),
        "failures": sum(each.failures for each in rows),
        "can_announce": can_announce,
        "can_release": can_announce and docket.state == DocketState.APPROVED and bool(waiting),
    }
    return render(request, "grants/letter/list.html", context)


@require_POST
def letter_prepare(request, reference):
    """Write the letters that are missing, and bring those up to date that nobody edited."""
    docket = staff_docket(request, reference)
    demand(rules.may_announce(docket, request.user))
    try:
        written = domain.prepare_letters(docket, actor=request.user, at=request.arrived_at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{written} letters are written." if written != 1 else "One letter is written.")
    return redirect("grants:letter-list", reference)


@require_http_methods(["GET", "HEAD", "POST"])
def letter_release(request, reference):
    """What releasing would do, letter by letter, and the button that does it. Without `?letter=` it is about all."""
    docket = staff_docket(request, reference)
    demand(rules.may_announce(docket, request.user))
    data = request.POST if request.method == "POST" else request.GET
    rows = queries.standings(docket) if docket.state in _SENDS_LETTERS else []
    ticked = set(data.getlist("letter"))
    chosen = [each for each in rows if each.reference in ticked] if ticked or "ticked" in data else rows
    if request.method != "POST":
        chosen = [each for each in chosen if not each.is_released]
    references = [each.reference for each in chosen]
    form = ReleaseForm(typed(request), references=references, version=docket.version)
    status = 200
    if form.is_valid():
        try:
            domain.release_letters(
                docket, ticked, actor=request.user, at=request.arrived_at, version=form.cleaned_data["version"]
            )
        except (Refused, Stale) as error:
            form.add_refusal(error)
            status = 409
        else:
            number = len(ticked)
            messages.success(request, f"{number} letters are released." if number != 1 else "One letter is released.")
            return redirect("grants:letter-list", reference)
    elif form.errors:
        status = 422
    open_ = [each for each in chosen if not each.is_released]
    context = {
        "docket": docket,
        "round": docket.round,
        "form": form,
        "tally": Tally(tuple(open_)),
        "obstacles": [each.obstacle for each in open_ if each.obstacle],
        "warned": [each for each in open_ if each.warnings],
        "rest": sum(not each.is_released for each in rows) - len(open_),
        "open": bool(open_) and docket.state == DocketState.APPROVED,
    }
    return render(request, "grants/letter/release.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def letter_detail(request, reference, proposal):
    """One letter: as the team will read it, its words to change while it is not released, its mail."""
    docket = staff_docket(request, reference)
    demand(rules.may_read_as_staff(docket, request.user))
    standing = _standing(docket, proposal)
    if request.method == "POST":
        demand(rules.may_announce(docket, request.user))
    letter = standing.letter
    if letter is None:
        raise Http404
    can_edit = bool(rules.may_announce(docket, request.user)) and not standing.is_released
    initial = {"subject": letter.subject, "body": letter.body}
    form = LetterForm(typed(request), version=letter.version, initial=initial)
    status, theirs = 200, None
    if form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("version", "subject", "body")}
        try:
            domain.edit_letter(letter, actor=request.user, at=request.arrived_at, **facts)
        except Stale as stale:
            form.add_refusal(stale)
            status, theirs = 409, stale.current
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
            status = 422 if isinstance(error, ValidationError) else 409
        else:
            messages.success(request, f"The letter to {standing.line.proposal.site} is saved.")
            return redirect("grants:letter-detail", reference, proposal)
    elif form.errors:
        status = 422
    context = {
        "docket": docket,
        "round": docket.round,
        "standing": standing,
        "line": standing.line,
        "letter": letter,
        "proposal": standing.line.proposal,
        "form": form,
        "theirs": theirs,
        "can_edit": can_edit,
        "can_announce": rules.may_announce(docket, request.user),
    }
    return render(request, "grants/letter/detail.html", context, status=status)


@require_POST
def letter_reset(request, reference, proposal):
    """Back to what the template makes of it."""
    letter = _letter(request, reference, proposal)
    demand(rules.may_announce(letter.line.docket, request.user))
    form = ReleaseForm(request.POST, references=[], version=letter.version)
    if form.is_valid():
        version = form.cleaned_data["version"]
        _try(request, "The letter is written from the template again.", domain.reset_letter, letter, version=version)
    else:
        messages.error(request, "This button is incomplete. Open the page again and try once more.")
    return redirect("grants:letter-detail", reference, proposal)


@require_POST
def letter_send(request, reference, proposal):
    """Mail a released letter to leads who were never written to, such as a new one."""
    letter = _letter(request, reference, proposal)
    demand(rules.may_announce(letter.line.docket, request.user))
    _try(request, "The letter is in the outbox.", domain.send_missing, letter)
    return redirect("grants:letter-detail", reference, proposal)


@require_POST
def letter_send_again(request, reference, proposal, message):
    """Put a mail of this letter that failed back into the outbox."""
    letter = _letter(request, reference, proposal)
    demand(rules.may_announce(letter.line.docket, request.user))
    failed = get_object_or_404(Message, pk=message, key__startswith=f"letter:{letter.pk}:")
    _try(request, "The mail is in the outbox again.", domain.send_again, letter, message=failed)
    return redirect("grants:letter-detail", reference, proposal)


@require_safe
def proposal_letter(request, reference):
    """The released letters about a proposal, for its team and for staff; not found before one is released."""
    proposal = visible_proposal(request, reference)
    letters = queries.released_of(proposal)
    if not letters:
        raise Http404
    context = {
        "proposal": proposal,
        "round": proposal.round,
        "is_team": is_team(request, proposal),
        "letter": letters[0],
        "earlier": letters[1:],
    }
    return render(request, "grants/letter/read.html", context)


def _try(request, done, act, letter, **facts):
    """Run a small act on a letter and say on the next page what came of it."""
    try:
        act(letter, actor=request.user, at=request.arrived_at, **facts)
    except (Refused, Stale) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
