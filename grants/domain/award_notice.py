"""What people are told about an award by mail: that it ended early."""

from __future__ import annotations

from typing import Any

from grants.domain.queries.proposal import team_addresses
from grants.models import Award
from portal.mail.domain import send


def tell_of_end(award: Award, *, by: Any) -> None:
    """Write to both sides that an award ended early, with the reason; a second call writes nothing more."""
    context = {"award": award, "site": award.site, "by": by, "reason": award.end_reason}
    staff = [award.recommended_by.email, award.approved_by.email]
    for address in dict.fromkeys([*team_addresses(award.proposal), *staff]):
        send("award_ended", address, context=context, key=f"award-ended:{award.pk}:{address}")
