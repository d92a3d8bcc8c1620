"""What a team reads about its deadline: when it is or was, whether it was moved, and what remains possible after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from grants.domain.queries.deadline import closing_of
from grants.domain.queries.extension import (
    WRITING,
    first_chance_to_ask,
    last_chance_to_ask,
    latest_extension,
    latest_request,
    may_ask,
)
from grants.enums import RequestState
from grants.models import Extension, ExtensionRequest, Proposal
from portal.access import Verdict


@dataclass(frozen=True)
class Closing:
    """The deadline of the call for one proposal at a moment; `extension` moved it, `asked` is the team's last request."""

    at: datetime
    is_over: bool
    extension: Extension | None
    asked: ExtensionRequest | None
    may_ask: Verdict
    ask_until: datetime

    @property
    def waits(self) -> bool:
        """Whether the team has asked for more time and has no answer yet."""
        return self.asked is not None and self.asked.state == RequestState.OPEN


def closing_for(proposal: Proposal, at: datetime) -> Closing | None:
    """What to say of the deadline while its team writes or has just missed it, else None. Two queries."""
    if proposal.state not in WRITING:
        return None
    closes = closing_of(proposal)
    asked = latest_request(proposal) if at >= first_chance_to_ask(proposal) else None
    return Closing(
        at=closes,
        is_over=at > closes,
        extension=latest_extension(proposal),
        asked=asked,
        may_ask=may_ask(proposal, at, asked),
        ask_until=last_chance_to_ask(proposal),
    )
