"""What a director says to the lines of a docket that was sent, before approving or returning the whole of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from grants import rules
from grants.enums import Decision, DocketState, LineVerdict
from grants.models import Docket, DocketLine
from portal.access import Refused, demand
from portal.activity.domain import record
from portal.record import bump, lock
from portal.words import counted

_SAID = {
    LineVerdict.AGREED: "agreed to",
    LineVerdict.RETURNED: "returned",
    LineVerdict.DECLINED: "declined",
    LineVerdict.OPEN: "open again",
}


def give_verdict(
    line: DocketLine, *, verdict: str, reason: str = "", actor, at: datetime, version: int | None = None
) -> DocketLine:
    """Agree to one line, return it to the officer or decline it; the last two with a reason. `open` takes it back.

    Nothing happens to the proposal before the docket is approved. Raises `Refused` when the docket is not with the
    director, for whoever may not decide on it, and without a reason; `Stale` when the docket was changed meanwhile.
    """
    with transaction.atomic():
        docket = _sent(line.docket, actor, version)
        row = DocketLine.objects.select_related("proposal__site").get(pk=line.pk, docket=docket)
        said = LineVerdict(verdict)
        reason = "" if said == LineVerdict.OPEN else reason.strip()
        if said in {LineVerdict.RETURNED, LineVerdict.DECLINED} and not reason:
            raise Refused("Say why: the officer reads your reason.")
        if said == LineVerdict.DECLINED and row.decision == Decision.DECLINE:
            raise Refused("A decline is what this line recommends. Agree to it, or return it.")
        _say([row], said, reason, actor, at)
        summary = f"{row.proposal.site}: {_SAID[said]}."
        facts = {"proposal": row.proposal.reference, "verdict": said.value, "reason": reason}
        facts |= {"decision": row.decision, "amount": row.amount}
        _save(docket, "verdict", actor, at, summary, facts)
    return row


def agree_to_rest(docket: Docket, *, actor, at: datetime, version: int | None = None) -> int:
    """Agree to every line that is still open. Returns how many there were; raises `Refused` when none is open."""
    with transaction.atomic():
        row = _sent(docket, actor, version)
        lines = list(row.lines.filter(verdict=LineVerdict.OPEN).select_related("proposal"))
        if not lines:
            raise Refused("You have decided on every line already.")
        _say(lines, LineVerdict.AGREED, "", actor, at)
        summary = f"Agreed to the other {counted(len(lines), 'line')}."
        _save(row, "agree_to_rest", actor, at, summary, {"proposals": [each.proposal.reference for each in lines]})
    return len(lines)


def _sent(docket: Docket, actor, version: int | None) -> Docket:
    """The docket locked. Raises `Refused` when it is not with the director, or this person may not decide on it."""
    row = lock(docket, version=version)
    demand(rules.may_approve_docket(row, actor))
    if row.state != DocketState.SENT:
        raise Refused(f"This docket is not with the director now. It is {row.get_state_display().lower()}.")
    return row


def _say(lines: list[DocketLine], verdict: LineVerdict, reason: str, actor, at: datetime) -> None:
    taken_back = verdict == LineVerdict.OPEN
    for line in lines:
        line.verdict, line.verdict_reason = verdict, reason
        line.verdict_by, line.verdict_at = (None, None) if taken_back else (actor, at)
    DocketLine.objects.bulk_update(lines, ["verdict", "verdict_reason", "verdict_by", "verdict_at"])


def _save(docket: Docket, verb: str, actor, at: datetime, summary: str, facts: dict) -> None:
    bump(docket)
    record(docket, verb, actor=actor, at=at, summary=summary, facts=facts)
