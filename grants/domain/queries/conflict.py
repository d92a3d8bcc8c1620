"""Conflicts of interest the portal can see by itself, before anybody is asked."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db.models import Q

from grants.enums import DisclosureKind, ReviewState
from grants.models import Disclosure, Review, ReviewerProfile
from portal import clock
from sites.models import Partner, Seat

# Sharing one of these says nothing about where two people work; the last one is of the demo's own accounts.
PUBLIC_MAIL = frozenset(
    {
        "aol.com", "att.net", "comcast.net", "gmail.com", "gmx.com", "googlemail.com", "hotmail.com", "icloud.com",
        "live.com", "mac.com", "mail.com", "me.com", "msn.com", "outlook.com", "pm.me", "proton.me", "protonmail.com",
        "sbcglobal.net", "verizon.net", "yahoo.com", "ymail.com", "demo.example",
    }
)  # fmt: skip
# How long a seat counts after it ended. Three years is what federal grantmakers commonly look back.
SEAT_COUNTS_FOR = timedelta(days=3 * 365)
_NO_PART_OF_A_NAME = frozenset({"the", "inc", "incorporated", "llc", "ltd", "co", "corp", "corporation"})
_NO_LETTER = re.compile(r"[^a-z0-9]+")


def known_conflicts(proposal, reviewers: Iterable) -> dict[int, str]:
    """By the person's key, why they must not review the proposal; people without a known conflict are left out."""
    return {person: why for (_, person), why in conflicts_between([proposal], reviewers).items()}


def conflicts_between(proposals: Iterable, reviewers: Iterable) -> dict[tuple[int, int], str]:
    """A sentence for every (proposal's key, person's key) that must not come together; the others are left out.

    Looks at seats (held now or in the last three years), who signs for a partner, the mail domain, the reviewer's
    employer, standing disclosures, and conflicts declared before. Six queries, whatever the numbers.
    """
    proposals, people = list(proposals), list(reviewers)
    if not proposals or not people:
        return {}
    sites = _sites({each.site_id for each in proposals})
    known = _known_about(people)
    declared = _declared(proposals, people)
    by_site = {
        (site.pk, person.pk): why
        for site in sites
        for person in people
        if (why := next(_reasons(site, person, known[person.pk]), ""))
    }
    found = {}
    for proposal in proposals:
        for person in people:
            pair = (proposal.pk, person.pk)
            reason = by_site.get((proposal.site_id, person.pk)) or declared.get(pair)
            if reason:
                found[pair] = reason
    return found


def plain_name(name: str) -> str:
    """A name without case, accents, punctuation and words such as "Inc.", so that spellings of one name are equal."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    words = _NO_LETTER.sub(" ", "".join(each for each in letters if not unicodedata.combining(each))).split()
    return " ".join(each for each in words if each not in _NO_PART_OF_A_NAME)


def mail_domain(address: str) -> str:
    """What stands after the @ in lower case; of a bare domain the domain itself."""
    return address.rpartition("@")[2].lower()


@dataclass
class _OfSite:
    """What a site is recognized by: keys are what is compared, values the words that name it."""

    pk: int
    team: set[int] = field(default_factory=set)
    signatories: dict[str, str] = field(default_factory=dict)
    addresses: set[str] = field(default_factory=set)
    domains: dict[str, str] = field(default_factory=dict)
    organizations: dict[str, str] = field(default_factory=dict)
    persons: set[str] = field(default_factory=set)

    def add_mail(self, address: str, words: str) -> None:
        self.addresses.add(address.lower())
        domain = mail_domain(address)
        if domain not in PUBLIC_MAIL:
            self.domains.setdefault(domain, words)

    def has_domain(self, domain: str) -> bool:
        """Whether somebody's mail is at this domain or below it."""
        return any(each == domain or each.endswith(f".{domain}") for each in self.domains)


@dataclass
class _OfPerson:
    """What a reviewer is recognized by."""

    addresses: set[str] = field(default_factory=set)
    organization: str = ""
    disclosures: list[Disclosure] = field(default_factory=list)


def _sites(keys: set[int]) -> list[_OfSite]:
    found = {pk: _OfSite(pk) for pk in keys}
    partners = Partner.objects.filter(site__in=keys).order_by("pk")
    columns = ("site", "site__name", "name", "signatory_name", "signatory_email")
    for pk, coalition, name, signatory, email in partners.values_list(*columns):
        site = found[pk]
        site.organizations.setdefault(plain_name(coalition), f"{coalition}, the coalition itself")
        site.organizations.setdefault(plain_name(name), f"{name}, a partner of this site")
        site.persons.add(plain_name(signatory))
        if email:
            site.signatories[email.lower()] = name
            site.add_mail(email, f"{name}, a partner of this site")
    held = Seat.objects.filter(Q(ended_at=None) | Q(ended_at__gte=clock.now() - SEAT_COUNTS_FOR), site__in=keys)
    for pk, holder, name, email in held.order_by("pk").values_list("site", "holder", "holder__name", "holder__email"):
        site = found[pk]
        site.team.add(holder)
        site.persons.add(plain_name(name))
        site.add_mail(email, f"{name or email}, who holds or held a seat on this site")
    return list(found.values())


def _known_about(people: list) -> dict[int, _OfPerson]:
    keys = [each.pk for each in people]
    found = {each.pk: _OfPerson({each.email.lower()}) for each in people}
    for pk, address in EmailAddress.objects.filter(user__in=keys, verified=True).values_list("user", "email"):
        found[pk].addresses.add(address.lower())
    for pk, name in ReviewerProfile.objects.filter(user__in=keys).values_list("user", "organization"):
        found[pk].organization = plain_name(name)
    for each in Disclosure.objects.filter(reviewer__in=keys, ended_at=None).order_by("pk"):
        found[each.reviewer_id].disclosures.append(each)
    return found


def _reasons(site: _OfSite, person, known: _OfPerson) -> Iterator[str]:
    """Why they must not come together, the weightiest first."""
    if person.pk in site.team:
        yield f"{person} has held a seat on this site."
    for address in sorted(known.addresses & site.signatories.keys()):
        yield f"{person} signs for {site.signatories[address]}, a partner of this site."
    for disclosure in known.disclosures:
        if _matches(site, disclosure):
            yield f"{person} declared a conflict of interest with {disclosure.name}."
    if known.organization and known.organization in site.organizations:
        yield f"{person} works for {site.organizations[known.organization]}."
    for domain in sorted({mail_domain(each) for each in known.addresses} & site.domains.keys()):
        yield f"{person} has the same mail domain as {site.domains[domain]}."


def _matches(site: _OfSite, disclosure: Disclosure) -> bool:
    name, address = plain_name(disclosure.name), disclosure.address
    if disclosure.kind == DisclosureKind.PERSON:
        return bool(name and name in site.persons) or bool(address and address in site.addresses)
    domain = mail_domain(address)
    at_domain = bool(domain) and domain not in PUBLIC_MAIL and site.has_domain(domain)
    return bool(name and name in site.organizations) or at_domain


def _declared(proposals: list, people: list) -> dict[tuple[int, int], str]:
    """Who stepped back from a proposal, and who declared a conflict with another proposal of its site."""
    rows = Review.objects.filter(
        state=ReviewState.RECUSED,
        reviewer__in=[each.pk for each in people],
        proposal__site__in={each.site_id for each in proposals},
    )
    names = {each.pk: str(each) for each in people}
    of_site = defaultdict(set)
    stepped_back = set()
    for proposal, site, reviewer, cleared_at in rows.values_list(
        "proposal", "proposal__site", "reviewer", "no_conflict_at"
    ):
        stepped_back.add((proposal, reviewer))
        if cleared_at is None:
            of_site[site].add(reviewer)
    found = {}
    for proposal in proposals:
        for reviewer in of_site[proposal.site_id]:
            found[proposal.pk, reviewer] = (
                f"{names[reviewer]} declared a conflict of interest with another proposal of this site."
            )
    found |= {pair: f"{names[pair[1]]} stepped back from this proposal." for pair in stepped_back}
    return found
