"""Pages by which a lead adds, changes and removes partners."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render

from portal.access import Refused, demand
from portal.conflict import overtaken
from portal.forms import typed
from portal.panels import panels_for
from portal.record import Stale
from sites.domain import partner as domain
from sites.domain.queries.district import district_named, find_districts, is_listed
from sites.enums import PartnerKind
from sites.forms.partner import PartnerForm
from sites.rules import may_lead
from sites.views.coalition import FORM_METHODS, crumbs_to, refuse, site_for

_TITLES: dict[str, str] = {
    PartnerKind.DISTRICT: "Add the school district",
    PartnerKind.UNION: "Add the education union",
    PartnerKind.COMMUNITY: "Add a community partner",
}


@FORM_METHODS
def partner_new(request, reference):
    """Add an organization; `kind` in the address says which one, `district` which of the list. htmx asks for the list alone."""
    site = site_for(request, reference)
    demand(may_lead(site, request.user))
    wanted = request.GET.get("kind", "") if request.GET.get("kind") in PartnerKind.values else ""
    has_district = site.partners.filter(kind=PartnerKind.DISTRICT).exists()
    lookup = Lookup(request, site) if wanted in {"", PartnerKind.DISTRICT} and not has_district else None
    if request.htmx and lookup:
        return render(request, "sites/partner/lookup.html#found", {"site": site, "lookup": lookup})
    form = PartnerForm(typed(request), initial=lookup.initial if lookup else {}, wanted=wanted)
    if request.method == "POST" and form.is_valid():
        try:
            partner = domain.add_partner(site, **form.cleaned_data, actor=request.user, at=request.arrived_at)
        except (Refused, ValidationError) as error:
            refuse(form, error)
        else:
            messages.success(request, f"{partner} is added.")
            _say_unlisted(request, site, partner)
            return redirect("sites:coalition-detail", site.reference)
    context = {
        "site": site,
        "crumbs": crumbs_to(site),
        "form": form,
        "lookup": lookup,
        "title": _TITLES.get(wanted, "Add a partner"),
        "warnings": panels_for("coalition-change", site, request.user, request.arrived_at),
    }
    return render(request, "sites/partner/new.html", context)


@FORM_METHODS
def partner_edit(request, reference, public_id):
    """Change what is known of an organization; a district can be chosen from the list once more."""
    site, partner = _partner(request, reference, public_id)
    lookup = Lookup(request, site) if partner.kind == PartnerKind.DISTRICT else None
    if request.htmx and lookup:
        return render(request, "sites/partner/lookup.html#found", {"site": site, "lookup": lookup})
    initial = {name: getattr(partner, name) for name in domain.FACTS} | {"ein": partner.shown_ein}
    if lookup:
        initial |= {"students": site.students} | lookup.initial
    form = PartnerForm(typed(request), initial=initial, kind=partner.kind, version=partner.version)
    differences, status = [], 200
    if request.method == "POST" and form.is_valid():
        try:
            partner = domain.change_partner(partner, **form.cleaned_data, actor=request.user, at=request.arrived_at)
        except Stale as stale:
            differences, status = overtaken(form, stale), 409
        except (Refused, ValidationError) as error:
            refuse(form, error)
        else:
            messages.success(request, "Saved.")
            _say_unlisted(request, site, partner)
            return redirect("sites:coalition-detail", site.reference)
    context = {
        "site": site,
        "partner": partner,
        "crumbs": crumbs_to(site),
        "form": form,
        "lookup": lookup,
        "differences": differences,
        "warnings": panels_for("coalition-change", site, request.user, request.arrived_at),
    }
    return render(request, "sites/partner/edit.html", context, status=status)


@FORM_METHODS
def partner_remove(request, reference, public_id):
    """Say what removing does, then remove."""
    site, partner = _partner(request, reference, public_id)
    refusal, status = "", 200
    if request.method == "POST":
        try:
            domain.remove_partner(partner, actor=request.user, at=request.arrived_at)
        except Refused as error:
            refusal, status = str(error), 409
        else:
            messages.success(request, f"{partner} is removed.")
            return redirect("sites:coalition-detail", site.reference)
    context = {
        "site": site,
        "partner": partner,
        "crumbs": crumbs_to(site),
        "refusal": refusal,
        "warnings": panels_for("coalition-change", site, request.user, request.arrived_at),
    }
    return render(request, "sites/partner/remove.html", context, status=status)


class Lookup:
    """The list of districts as one page shows it: what was typed, what fits, and which one was chosen."""

    def __init__(self, request, site):
        self.text = request.GET.get("q", "").strip()[:80]
        self.found = list(find_districts(site.state, self.text)) if self.text else []
        self.chosen = district_named(site.state, request.GET.get("district", "")[:7])
        self.is_loaded = bool(self.found or self.chosen) or is_listed(site.state)

    @property
    def initial(self) -> dict:
        """What the list knows of the chosen district, for the form."""
        if self.chosen is None:
            return {}
        known = {"kind": PartnerKind.DISTRICT, "name": self.chosen.name, "leaid": self.chosen.leaid}
        return known | ({"students": self.chosen.students} if self.chosen.students else {})


def _say_unlisted(request, site, partner):
    """A word about an id typed by hand that a loaded list does not know; it is kept all the same."""
    if partner.leaid and is_listed(site.state) and district_named(site.state, partner.leaid) is None:
        messages.info(request, f"The id {partner.leaid} is not in our list of districts. Please compare it once more.")


def _partner(request, reference, public_id):
    site = site_for(request, reference)
    demand(may_lead(site, request.user))
    return site, get_object_or_404(site.partners.select_related("site"), public_id=public_id)
