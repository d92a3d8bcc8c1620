"""The list of all sites, for foundation staff."""

from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from portal.access import demand
from sites.domain.queries.site import for_list
from sites.forms.site import SiteFilter
from sites.models import Site
from sites.rules import may_list_sites
from sites.tables.site import SiteTable

PER_PAGE = 50


@require_safe
def site_list(request):
    """Every site, with search, filter and sorting kept in the address."""
    demand(may_list_sites(None, request.user))
    found = SiteFilter(request.GET, Site.objects.visible_to(request.user))
    table = SiteTable(for_list(found.qs))
    RequestConfig(request, paginate={"per_page": PER_PAGE, "silent": True}).configure(table)
    return render(request, "sites/site/list.html", {"form": found.form, "table": table})
