"""Staff's pages of the questions a round asks, and of publishing what was prepared for a call that is out."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants import rules
from grants.domain.queries import burden, call
from grants.domain.queries import question_version as queries
from grants.domain.question import QUESTIONS, restore_question
from grants.domain.question_version import drop_changes, publish_changes
from grants.enums import RoundPhase, RoundState
from grants.forms.question import QuestionForm
from grants.forms.question_version import NoticeForm
from grants.models import Question
from grants.views.round import press, staff_round
from grants.views.round_list import MOVES, ListPages, views_of
from portal.access import Refused, demand
from portal.forms import PortalForm, typed
from portal.record import Stale


def _find(round_, key):
    return QUESTIONS.rows(round_).filter(key=key).first()


def _find_asked(round_, key) -> Question | None:
    """A question as it is asked now, also one that will go."""
    return queries.current_questions(round_).filter(key=key).first()


_PAGES = ListPages(QUESTIONS, QuestionForm, _find, "grants:question", "Questions")
_ASKED = ListPages(QUESTIONS, QuestionForm, _find_asked, "grants:question", "Questions")
question_new, question_edit, question_move, question_remove = views_of(_PAGES)


@require_safe
def question_list(request, reference):
    """Every question by section: a draft's own can be changed at once, a published call's as its next version."""
    round_ = staff_round(request, reference)
    phase = round_.phase_at(request.arrived_at)
    may = rules.may_run_rounds(round_, request.user)
    changes = queries.prepared_changes(round_)
    changed = {each.question.key: each for each in changes}
    sections = call.sections_of(round_, prepared=True)
    context = {
        "round": round_,
        "sections": [
            (each, [(question, changed.get(question.key)) for question in each.questions])
            for each in sections
            if each.questions
        ],
        "burden": burden.estimate(sections, round_.slots.all()),
        "changes": changes,
        "drafts": queries.drafts_carried_over(round_).count() if changes else 0,
        "versions": round_.question_versions.select_related("published_by").order_by("-number"),
        "is_draft": round_.state == RoundState.DRAFT,
        "can_edit": may and phase not in {RoundPhase.CLOSED, RoundPhase.DECIDED},
        "can_run": may,
        "moves": MOVES,
    }
    return render(request, "grants/question/list.html", context)


@require_POST
def question_restore(request, reference, key):
    """Undo the prepared change of one question."""
    round_, question = _ASKED.row(request, reference, {"key": key}, fixed=True)
    if press(request, round_, restore_question, question):
        messages.success(request, "The question stays as it is asked now.")
    return redirect("grants:question-list", reference)


@require_http_methods(["GET", "HEAD", "POST"])
def question_publish(request, reference):
    """Say what will happen, then publish the prepared changes with a notice to the teams."""
    round_ = staff_round(request, reference)
    demand(rules.may_run_rounds(round_, request.user))
    form = NoticeForm(typed(request), version=round_.version)
    status = 200
    if form.is_valid():
        facts = form.cleaned_data
        try:
            publish_changes(
                round_, notice=facts["notice"], actor=request.user, at=request.arrived_at, version=facts["version"]
            )
        except (Refused, Stale) as error:
            form.add_refusal(error)
            status = 409
        except ValidationError as error:
            form.add_refusal(error)
        else:
            messages.success(request, "The changes are published. Teams with a draft are being told.")
            return redirect("grants:question-list", reference)
    if form.errors and status == 200:
        status = 422
    changes = queries.prepared_changes(round_)
    context = {
        "round": round_,
        "form": form,
        "changes": changes,
        "told": queries.told_changes(changes),
        "drafts": queries.drafts_carried_over(round_).count(),
        "over": round_.phase_at(request.arrived_at) in {RoundPhase.CLOSED, RoundPhase.DECIDED},
    }
    return render(request, "grants/question/publish.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def question_drop(request, reference):
    """Ask, then forget the prepared changes."""
    round_ = staff_round(request, reference)
    demand(rules.may_run_rounds(round_, request.user))
    if request.method == "POST":
        if press(request, round_, drop_changes, round_):
            messages.success(request, "The prepared changes are dropped. The questions stay as they are asked now.")
        return redirect("grants:question-list", reference)
    context = {
        "round": round_,
        "form": PortalForm(version=round_.version),
        "changes": queries.prepared_changes(round_),
    }
    return render(request, "grants/question/drop.html", context)
