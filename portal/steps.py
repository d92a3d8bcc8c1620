"""The one view that takes a workflow step: a page that says what will happen, then the act."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from portal.access import Refused, demand
from portal.forms import PortalForm
from portal.record import Stale
from portal.workflow import Workflow


class StepForm(PortalForm):
    """The comment of a step and the version of the record it was decided on."""

    comment = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        error_messages={"required": "Write a reason; it is kept with the record."},
    )

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, **kwargs)
        if not step.comment_required:
            del self.fields["comment"]


Facts = Callable[[Any], Iterable[tuple[str, Any]]]


def step_view(flow: Workflow, model, detail: str, gone: str = "", facts: Facts = lambda subject: ()):
    """A view `(request, reference, step)` for one workflow; `detail` names the record's page.

    `gone` names the page to go to when the step took the record out of the person's sight. `facts` says in pairs
    of name and value what the step is about, for the person who confirms it.
    """

    def act(request, subject, wanted):
        posted = request.method == "POST"
        form = StepForm(request.POST if posted else None, step=wanted, version=subject.version)
        back = reverse(detail, args=[subject.reference])
        status = 200
        if posted and form.is_valid():
            try:
                flow.perform(
                    subject,
                    wanted.name,
                    actor=request.user,
                    at=request.arrived_at,
                    comment=form.cleaned_data.get("comment", ""),
                    version=form.cleaned_data["version"],
                )
            except (Refused, Stale) as error:
                form.add_refusal(error)
                status = 409
            else:
                messages.success(request, f"Done: {wanted.label[0].lower()}{wanted.label[1:]}.")
                seen = not gone or model.objects.visible_to(request.user).filter(pk=subject.pk).exists()
                return redirect(back if seen else gone)
        context = {
            "subject": subject,
            "step": wanted,
            "facts": list(facts(subject)),
            "form": form,
            "verdict": flow.verdict(subject, wanted.name, request.user),
            "back": back,
        }
        return render(request, "components/step.html", context, status=status)

    stepped_up = reauthentication_required(act)

    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request, reference, step):
        subject = get_object_or_404(model.objects.visible_to(request.user), reference=reference)
        wanted = flow.by_name.get(step)
        if wanted is None or not wanted.listed:
            raise Http404
        demand(wanted.may(subject, request.user))
        return (stepped_up if wanted.step_up else act)(request, subject, wanted)

    return view
