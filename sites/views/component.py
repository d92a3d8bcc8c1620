"""The programme's own words: the core components and key issues, which administrators may reword and reorder."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.access import Refused, demand
from portal.forms import typed
from sites.domain.component import reword
from sites.forms.component import ComponentForm, IssueForm
from sites.models import Component, KeyIssue
from sites.rules import may_reword
from sites.views.coalition import FORM_METHODS


@require_safe
def component_list(request):
    """Both lists, in their order."""
    demand(may_reword(None, request.user))
    return render(
        request, "sites/component/list.html", {"components": Component.objects.all(), "issues": KeyIssue.objects.all()}
    )


@FORM_METHODS
def component_edit(request, code):
    """Reword a core component."""
    return _edit(request, Component, code, ComponentForm)


@FORM_METHODS
def issue_edit(request, code):
    """Reword a key issue."""
    return _edit(request, KeyIssue, code, IssueForm)


def _edit(request, model, code, form_class):
    demand(may_reword(None, request.user))
    row = get_object_or_404(model, pk=code)
    form = form_class(typed(request), initial={name: getattr(row, name) for name in form_class.base_fields})
    if request.method == "POST" and form.is_valid():
        try:
            reword(row, **form.cleaned_data, actor=request.user, at=request.arrived_at)
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
        else:
            messages.success(request, "Saved. The new words stand on every page from now on.")
            return redirect("sites:component-list")
    crumbs = [("Components and key issues", reverse("sites:component-list"))]
    return render(request, "sites/component/edit.html", {"row": row, "form": form, "crumbs": crumbs})
