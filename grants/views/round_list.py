"""The pages that add, change, move and remove the rows of a round's lists: questions, criteria, documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from grants import rules
from grants.domain.round_list import RoundList
from grants.enums import RoundState
from grants.forms.round_list import RowForm
from grants.models import FundingRound
from grants.views.round import press, staff_round
from portal.access import Refused, demand
from portal.forms import PortalForm
from portal.record import Stale

# The two buttons by which a row of a list is moved: direction, icon, words.
MOVES = (("up", "arrow-up", "Move up"), ("down", "arrow-down", "Move down"))


@dataclass(frozen=True)
class ListPages:
    """The pages of one kind of list. `find(round, **which)` looks a row up by what its address says, None for none."""

    acts: RoundList
    form: type[RowForm]
    find: Callable[..., Any]
    routes: str
    # As the pages say it: "Questions", "the question".
    title: str

    def list_url(self, round_: FundingRound) -> str:
        return reverse(f"{self.routes}-list", args=[round_.reference])

    def facts(self, round_: FundingRound, **more: Any) -> dict[str, Any]:
        """What every page of a row shows around its form."""
        return {
            "round": round_,
            "noun": self.acts.noun,
            "list_title": self.title,
            "list_url": self.list_url(round_),
            "prepares": round_.state != RoundState.DRAFT,
            **more,
        }

    def row(self, request, reference: str, which: dict[str, Any], *, fixed: bool) -> tuple[FundingRound, Any]:
        """The round and the row an address names, for somebody who runs rounds; `fixed` ones only where that is asked.

        Raises Http404.
        """
        round_ = staff_round(request, reference)
        demand(rules.may_run_rounds(round_, request.user))
        row = self.find(round_, **which)
        if row is None or (not fixed and self.acts.why_fixed(row, None)):
            raise Http404
        row.round = round_
        return round_, row


def views_of(pages: ListPages) -> tuple[Callable, Callable, Callable, Callable]:
    """The views that add, change, move and remove."""
    return _new(pages), _edit(pages), _move(pages), _remove(pages)


def _new(pages: ListPages):
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request, reference):
        round_ = staff_round(request, reference)
        demand(rules.may_run_rounds(round_, request.user))
        form = pages.form(request.POST if request.method == "POST" else None, round_=round_)

        def add():
            pages.acts.add(round_, actor=request.user, at=request.arrived_at, **form.facts)

        return _answer(request, pages, round_, form, add, f"The {pages.acts.noun} is added.", row=None)

    return view


def _edit(pages: ListPages):
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request, reference, **which):
        round_, row = pages.row(request, reference, which, fixed=True)
        data = request.POST if request.method == "POST" else None
        form = pages.form(data, round_=round_, row=row, version=round_.version)

        def change():
            version = form.cleaned_data["version"]
            pages.acts.change(row, actor=request.user, at=request.arrived_at, version=version, **form.facts)

        return _answer(request, pages, round_, form, change, f"The {pages.acts.noun} is saved.", row=row)

    return view


def _move(pages: ListPages):
    @require_POST
    def view(request, reference, **which):
        round_, row = pages.row(request, reference, which, fixed=False)
        press(request, round_, pages.acts.move, row, up=request.POST.get("direction") == "up")
        return redirect(pages.list_url(round_))

    return view


def _remove(pages: ListPages):
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request, reference, **which):
        round_, row = pages.row(request, reference, which, fixed=False)
        if request.method == "POST":
            if press(request, round_, pages.acts.remove, row):
                messages.success(request, f"The {pages.acts.noun} is removed.")
            return redirect(pages.list_url(round_))
        context = pages.facts(round_, form=PortalForm(version=round_.version), row=row)
        return render(request, "grants/round/row_remove.html", context)

    return view


def _answer(request, pages: ListPages, round_, form, act: Callable[[], None], done: str, *, row):
    """Show the form, or do what it asks for and go back to the list; a refusal stands in the form."""
    status = 200
    if form.is_valid():
        try:
            act()
        except (Refused, Stale) as error:
            form.add_refusal(error)
            status = 409
        except ValidationError as error:
            form.add_refusal(error)
        else:
            messages.success(request, done)
            return redirect(pages.list_url(round_))
    if form.errors and status == 200:
        status = 422
    return render(request, "grants/round/row.html", pages.facts(round_, form=form, row=row), status=status)
