"""The activity log as a page."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal import keyset
from portal.access import demand
from portal.activity.forms.entry import EntryFilter
from portal.activity.models import Entry
from portal.activity.rules import may_read_log


@require_safe
def entry_list(request):
    """Every act, newest first, for those who answer for the programme."""
    demand(may_read_log(None, request.user))
    found = EntryFilter(request.GET, Entry.objects.visible_to(request.user))
    page = keyset.page(found.qs, request, moment="at")
    return render(request, "activity/entry/list.html", {"form": found.form, "page": page})
