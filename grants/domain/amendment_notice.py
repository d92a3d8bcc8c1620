"""Who is told about an amendment by mail, each with one thing to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from grants.domain.queries.proposal import team_addresses
from grants.enums import AmendmentKind, AmendmentState
from grants.models import Amendment
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.mail.domain import send


def tell_officers(amendment: Amendment) -> None:
    """A site asks: every program officer may take it up."""
    _send(amendment, "amendment_requested", _holders(Role.OFFICER))


def tell_directors(amendment: Amendment) -> None:
    """It waits for a director: for all who may decide on it."""
    others = _holders(Role.DIRECTOR, besides=amendment.recommended_by_id)
    _send(amendment, "amendment_recommended", others)


def tell_of_approval(amendment: Amendment) -> None:
    """The award has changed: the team, who approved the award, and finance where money or payee changed."""
    award = amendment.award
    people = [*team_addresses(award.proposal), award.recommended_by.email, award.approved_by.email]
    if amendment.kind in {AmendmentKind.MOVE_MONEY, AmendmentKind.PAYEE}:
        people += _holders(Role.FINANCE)
    _send(amendment, "amendment_approved", people)


def tell_of_decline(amendment: Amendment) -> None:
    """The award stays as it is: the team reads why, and the officer who had recommended it."""
    people = team_addresses(amendment.award.proposal)
    if amendment.recommended_by is not None:
        people.append(amendment.recommended_by.email)
    _send(amendment, "amendment_declined", people)


def tell_of_withdrawal(amendment: Amendment) -> None:
    """There is nothing to decide any more; nobody is told of a draft that nobody had seen."""
    if amendment.requested_at is None:
        return
    recommended = amendment.recommended_by
    _send(amendment, "amendment_withdrawn", [recommended.email] if recommended else _holders(Role.OFFICER))


def _holders(role: Role, besides: Any = None) -> list[str]:
    people = User.objects.filter(is_active=True, role_grants__role=role).exclude(pk=besides)
    return list(people.order_by("pk").values_list("email", flat=True))


def _send(amendment: Amendment, template: str, addresses: Iterable[str]) -> None:
    context = {
        "amendment": amendment,
        "award": amendment.award,
        "site": amendment.award.site,
        "what": amendment.get_kind_display(),
        "by_rules": amendment.state == AmendmentState.APPROVED and amendment.decided_by is None,
    }
    for address in dict.fromkeys(addresses):
        send(template, address, context=context, key=f"{template}:{amendment.pk}:{address}")
