"""Conflicts of interest the portal can see by itself, before anybody is asked."""

from __future__ import annotations

from collections.abc import Iterable

from sites.models import Partner, Seat

# Sharing one of these says nothing about where two people work.
PUBLIC_MAIL = frozenset(
    {
        "aol.com", "att.net", "comcast.net", "gmail.com", "gmx.com", "googlemail.com", "hotmail.com", "icloud.com",
        "live.com", "mac.com", "mail.com", "me.com", "msn.com", "outlook.com", "pm.me", "proton.me", "protonmail.com",
        "sbcglobal.net", "verizon.net", "yahoo.com", "ymail.com",
    }
)  # fmt: skip


def known_conflicts(proposal, people: Iterable) -> dict[int, str]:
    """By the person's key, why they must not review the proposal; people without a known conflict are left out.

    A seat on the site counts for good, also after it was handed over. Two queries, whatever the number of people.
    """
    team = set(Seat.objects.filter(site=proposal.site_id).values_list("holder", flat=True))
    partners = _partners_by_domain(proposal)
    found = {}
    for person in people:
        partner = partners.get(_domain(person.email))
        if person.pk in team:
            found[person.pk] = f"{person} has held a seat on this site."
        elif partner:
            found[person.pk] = f"{person} has the same mail domain as {partner}, a partner of this site."
    return found


def _partners_by_domain(proposal) -> dict[str, str]:
    signatories = Partner.objects.filter(site=proposal.site_id).exclude(signatory_email="")
    domains = {_domain(email): name for email, name in signatories.values_list("signatory_email", "name")}
    return {domain: name for domain, name in domains.items() if domain not in PUBLIC_MAIL}


def _domain(email: str) -> str:
    return email.rpartition("@")[2].lower()
