"""Pages of the list of schools."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from portal.access import Refused, demand
from portal.forms import typed
from portal.panels import panels_for
from portal.words import counted
from sites.domain.school import add_schools, remove_schools
from sites.forms.school import SchoolsForm, SchoolsOffForm
from sites.rules import may_lead
from sites.views.coalition import FORM_METHODS, crumbs_to, site_for


@FORM_METHODS
def school_list(request, reference):
    """The schools, and a box to paste more into."""
    site = site_for(request, reference)
    demand(may_lead(site, request.user))
    form = SchoolsForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            added = add_schools(site, form.cleaned_data["schools"], actor=request.user, at=request.arrived_at)
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
        else:
            messages.success(request, f"{counted(len(added), 'school')} added.")
            return redirect("sites:school-list", site.reference)
    return _page(request, site, form, SchoolsOffForm(site=site))


@require_POST
def school_remove(request, reference):
    """Take the chosen schools off the list."""
    site = site_for(request, reference)
    demand(may_lead(site, request.user))
    form = SchoolsOffForm(request.POST, site=site)
    if form.is_valid():
        try:
            removed = remove_schools(site, form.cleaned_data["schools"], actor=request.user, at=request.arrived_at)
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
        else:
            messages.success(request, f"{counted(removed, 'school')} taken off the list.")
            return redirect("sites:school-list", site.reference)
    return _page(request, site, SchoolsForm(), form)


def _page(request, site, form, off_form):
    context = {
        "site": site,
        "crumbs": crumbs_to(site),
        "schools": site.schools.all(),
        "form": form,
        "off_form": off_form,
        "warnings": panels_for("coalition-change", site, request.user, request.arrived_at),
    }
    return render(request, "sites/school/list.html", context)
