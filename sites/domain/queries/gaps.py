"""What a coalition still lacks before it can apply: the same sentences on its own page and in front of a submission."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.urls import reverse

from sites.enums import PartnerKind
from sites.models import Partner, School, Site

_WANTED = (
    (PartnerKind.DISTRICT, "Add the school district."),
    (PartnerKind.UNION, "Add the local education union."),
    (PartnerKind.COMMUNITY, "Add at least one community partner."),
)


@dataclass(frozen=True)
class Gap:
    """One thing missing: a sentence that says what to do, and where to do it."""

    text: str
    url: str


def gaps(site: Site) -> list[Gap]:
    """Everything missing; empty when the coalition is complete."""
    partners = list(site.partners.all())
    return [*record_gaps(site, partners, list(site.schools.all())), *_unnamed_signatories(site, partners)]


def record_gaps(site: Site, partners: Collection[Partner], schools: Collection[School]) -> list[Gap]:
    """What the record lacks of what every proposal takes over: partners, the district's id, who is paid, schools."""
    return [*_missing_partners(site, partners), *_unpayable(site, partners), *_no_schools(site, schools)]


def _missing_partners(site: Site, partners: Collection[Partner]) -> Iterator[Gap]:
    kinds = {partner.kind for partner in partners}
    for kind, sentence in _WANTED:
        if kind not in kinds:
            yield Gap(sentence, f"{reverse('sites:partner-new', args=[site.reference])}?kind={kind}")
    for partner in partners:
        if partner.kind == PartnerKind.DISTRICT and not partner.leaid:
            yield Gap("Add the NCES id of the district.", _page(site, partner))


def _unpayable(site: Site, partners: Collection[Partner]) -> Iterator[Gap]:
    agent = next((each for each in partners if each.pk == site.fiscal_agent_id), None)
    if agent is None:
        url = reverse("sites:coalition-fiscal-agent", args=[site.reference])
        yield Gap("Choose the fiscal agent: the partner that is paid.", url)
        return
    lacks = [word for word, value in (("EIN", agent.ein), ("tax status", agent.tax_status)) if not value]
    if lacks:
        yield Gap(f"Add the {' and the '.join(lacks)} of {agent}, the fiscal agent.", _page(site, agent))


def _no_schools(site: Site, schools: Collection[School]) -> Iterator[Gap]:
    if not schools:
        yield Gap("List the schools you will work in.", reverse("sites:school-list", args=[site.reference]))


def _unnamed_signatories(site: Site, partners: Collection[Partner]) -> Iterator[Gap]:
    for partner in partners:
        if not (partner.signatory_name and partner.signatory_email):
            yield Gap(f"Say who signs for {partner}.", _page(site, partner))


def _page(site: Site, partner: Partner) -> str:
    return reverse("sites:partner-edit", args=[site.reference, partner.public_id])
