"""The files of a call: asked for when it changes, kept once for each content, found by whoever downloads them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from grants.domain.queries import call
from grants.enums import CallFileKind, RoundState
from grants.models import CallFile, FundingRound
from portal.jobs.domain import enqueue
from portal.jobs.enums import JobState
from portal.jobs.models import Job

CALL_FILES_JOB = "call-files"


def ask_for_call_files(round_: FundingRound, *, actor: Any) -> Job | None:
    """Have the files made that this content of a public call lacks, in the caller's transaction; None if it has them.

    What could not be made is not tried again for the same content.
    """
    return _ask(round_, call.fingerprint(call.facts_of(round_)), actor)


def refresh_call_files(*, at: datetime) -> int:
    """Ask for the files of every public call that says something else than its files. Returns for how many.

    Six queries however many calls there are, as long as nothing changed: whichever act moves a deadline or a question,
    within a minute the files follow.
    """
    rounds = FundingRound.objects.public().filter(state=RoundState.PUBLISHED)
    related = ("questions__component", "slots", "criteria", "files")
    asked = 0
    for round_ in rounds.prefetch_related(*related):
        fingerprint = call.fingerprint(call.facts_of(round_))
        if {each.kind for each in round_.files.all() if each.fingerprint == fingerprint} != set(CallFileKind.values):
            asked += _ask(round_, fingerprint, None) is not None
    return asked


def latest_files(round_: FundingRound) -> dict[str, CallFile]:
    """The last file made of each kind, for the page that links to them: it need not know whether they are current."""
    files = CallFile.objects.select_related("document").filter(round=round_).order_by("pk")
    return {each.kind: each for each in files}


def current_files(round_: FundingRound) -> dict[str, CallFile]:
    """The files that say what the call says now by kind, those still being made left out; of a decided round the last."""
    if round_.state == RoundState.DECIDED:
        return latest_files(round_)
    wanted = call.fingerprint(call.facts_of(round_))
    files = CallFile.objects.select_related("document").filter(round=round_, fingerprint=wanted)
    return {each.kind: each for each in files}


def _ask(round_: FundingRound, fingerprint: str, actor: Any) -> Job | None:
    key = f"{round_.reference}:{fingerprint[:32]}"
    made = CallFile.objects.filter(round=round_, fingerprint=fingerprint).count() == len(CallFileKind)
    if made or Job.objects.filter(kind=CALL_FILES_JOB, key=key, state=JobState.FAILED).exists():
        return None
    title = f"Files of the call {round_.reference}"
    return enqueue(CALL_FILES_JOB, actor=actor, key=key, title=title, round=round_.reference)
