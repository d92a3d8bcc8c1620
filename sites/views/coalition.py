"""Pages of a coalition: my coalitions, founding one, its record page, changing its facts and its fiscal agent."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from portal.access import Refused, demand
from portal.activity.domain import timeline
from portal.conflict import overtaken
from portal.forms import typed
from portal.panels import panels_for
from portal.record import Stale
from sites.domain.queries.gaps import gaps
from sites.domain.queries.invitation import addressed_to, unanswered
from sites.domain.queries.site import team_of, with_everything
from sites.domain.site import change_site, create_site, set_fiscal_agent
from sites.domain.twin import Twin
from sites.forms.site import FiscalAgentForm, SiteForm
from sites.models import Site
from sites.rules import WHAT_SEATS_DO, may_hold_seat, may_lead, may_manage_seats, seat_role

FORM_METHODS = require_http_methods(["GET", "HEAD", "POST"])


def site_for(request, reference) -> Site:
    """The site of that reference, if this person may know of it; else 404."""
    return get_object_or_404(Site.objects.visible_to(request.user), reference=reference)


def refuse(form, error) -> None:
    """Show what the domain said; where it may be another coalition, with the box that says so."""
    if isinstance(error, Twin):
        form.ask_apart()
    form.add_refusal(error)


def crumbs_to(site: Site) -> list[tuple[str, str]]:
    """The way back to a coalition's page."""
    return [(site.name, reverse("sites:coalition-detail", args=[site.reference]))]


@require_safe
def coalition_list(request):
    """The coalitions a person sits on, and invitations to others."""
    seats = request.user.seats.current().select_related("site").order_by("site__name")
    context = {
        "seats": seats,
        "invitations": addressed_to(request.user, request.arrived_at),
        "may_found": may_hold_seat(request.user),
    }
    return render(request, "sites/coalition/list.html", context)


@FORM_METHODS
def coalition_new(request):
    """Found a coalition."""
    demand(may_hold_seat(request.user))
    form = SiteForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            site = create_site(**form.cleaned_data, actor=request.user, at=request.arrived_at)
        except (Refused, ValidationError) as error:
            refuse(form, error)
        else:
            messages.success(request, f"{site} is founded, and you lead it. Add its partners next.")
            return redirect("sites:coalition-detail", site.reference)
    return render(request, "sites/coalition/new.html", {"form": form}, status=409 if form.errors else 200)


@require_safe
def coalition_detail(request, reference):
    """Everything about one coalition, for its team to work on and for foundation staff to read."""
    site = get_object_or_404(with_everything(Site.objects.visible_to(request.user)), reference=reference)
    team = list(team_of(site))
    context = {
        "site": site,
        "gaps": gaps(site),
        "team": team,
        "invitations": unanswered(site),
        "roles": [(role.label, does) for role, does in WHAT_SEATS_DO.items()],
        "own_role": seat_role(site, request.user),
        "leads": bool(may_lead(site, request.user)),
        "manages_seats": bool(may_manage_seats(site, request.user)),
        "panels": panels_for("site", site, request.user, request.arrived_at),
        "history": timeline(site, limit=12),
    }
    return render(request, "sites/coalition/detail.html", context)


@FORM_METHODS
def coalition_edit(request, reference):
    """Change what is said of a coalition."""
    site = site_for(request, reference)
    demand(may_lead(site, request.user))
    initial = {name: getattr(site, name) for name in SiteForm.base_fields}
    form = SiteForm(typed(request), initial=initial, version=site.version)
    differences, status = [], 200
    if request.method == "POST" and form.is_valid():
        try:
            change_site(site, **form.cleaned_data, actor=request.user, at=request.arrived_at)
        except Stale as stale:
            differences, status = overtaken(form, stale), 409
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
        else:
            messages.success(request, "Saved.")
            return redirect("sites:coalition-detail", site.reference)
    context = {
        "site": site,
        "crumbs": crumbs_to(site),
        "form": form,
        "differences": differences,
        "warnings": panels_for("coalition-change", site, request.user, request.arrived_at),
    }
    return render(request, "sites/coalition/edit.html", context, status=status)


@FORM_METHODS
def fiscal_agent(request, reference):
    """Choose the partner that is paid."""
    site = site_for(request, reference)
    demand(may_lead(site, request.user))
    initial = {"partner": site.fiscal_agent.public_id if site.fiscal_agent else None}
    form = FiscalAgentForm(typed(request), initial=initial, site=site)
    if request.method == "POST" and form.is_valid():
        try:
            set_fiscal_agent(site, form.cleaned_data["partner"], actor=request.user, at=request.arrived_at)
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"{form.cleaned_data['partner']} is the fiscal agent.")
            return redirect("sites:coalition-detail", site.reference)
    context = {
        "site": site,
        "crumbs": crumbs_to(site),
        "form": form,
        "partners": site.partners.all(),
        "warnings": panels_for("coalition-change", site, request.user, request.arrived_at),
    }
    return render(request, "sites/coalition/fiscal_agent.html", context)
