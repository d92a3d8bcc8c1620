"""The list of districts, for those who keep it: how many there are, and a place to upload a newer one."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render

from portal.access import Refused, demand
from sites.domain.district import receive_list
from sites.domain.queries.district import last_loaded, number_by_state
from sites.forms.district import DistrictsForm
from sites.rules import may_load_districts
from sites.views.coalition import FORM_METHODS


@FORM_METHODS
def district_list(request):
    """What is loaded, what came of the last file, and the form for the next one."""
    demand(may_load_districts(None, request.user))
    form, status = DistrictsForm(), 200
    if request.method == "POST":
        form, status = DistrictsForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                job = receive_list(form.cleaned_data["file"], actor=request.user, at=request.arrived_at)
            except (Refused, ValidationError) as error:
                form.add_refusal(error if isinstance(error, Refused) else ValidationError({"file": error.messages}))
            else:
                return redirect(job)
    states = number_by_state()
    context = {
        "form": form,
        "states": states,
        "number": sum(each["number"] for each in states),
        "job": last_loaded(),
    }
    return render(request, "sites/district/list.html", context, status=status)
