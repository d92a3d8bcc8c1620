"""Letters of decision: written from templates, edited, released for good, mailed to the leads."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from grants import rules
from grants.domain.queries.feedback_point import named_reviewers
from grants.domain.queries.letter import Standing, message_key, standings, told_lines
from grants.domain.queries.letter_text import BODY_LENGTH, Wording, one_line
from grants.domain.queries.letter_values import recipients_of
from grants.enums import Decision, DocketState
from grants.models import Award, Docket, DocketLine, Letter, Proposal
from grants.workflow import AWARD, DOCKET, PROPOSAL
from portal.access import Refused, demand
from portal.activity.domain import record
from portal.certain import certain
from portal.mail import domain as mail
from portal.mail.models import Message
from portal.record import Stale, bump, lock, lock_all
from portal.words import counted, tidy

_TOLD_AS = {Decision.AWARD: "award", Decision.WAITLIST: "waitlist", Decision.DECLINE: "decline"}


def write_letters(docket: Docket) -> int:
    """Write the letters that are missing, and those again that nobody edited and that say something else by now.

    For acts that hold the docket's lock. Returns how many were written; released ones stay as they are.
    """
    written = 0
    for each in standings(docket):
        if each.letter is None:
            Letter.objects.create(line=each.line, subject=each.fresh.subject, body=each.fresh.body)
            written += 1
        elif each.is_behind:
            _store(each.letter, each.fresh)
            written += 1
    return written


def prepare_letters(docket: Docket, *, actor: Any, at: datetime) -> int:
    """Write missing letters and bring those up to date that nobody edited. Returns how many were written.

    Raises `Refused` unless the docket is approved and the person announces decisions.
    """
    with transaction.atomic():
        row = _open_docket(docket, actor)
        written = write_letters(row)
        if written:
            bump(row)
            summary = f"Wrote {counted(written, 'letter')} from the templates."
            record(row, "write_letters", actor=actor, at=at, summary=summary)
    return written


def edit_letter(letter: Letter, *, actor: Any, at: datetime, version: int, subject: str, body: str) -> Letter:
    """Change the words of one letter; from then on templates leave it alone.

    Raises `Stale` when somebody saved it since, `Refused` once it is released, and ValidationError keyed `subject` or
    `body` for empty or long texts, braces, and the names of reviewers.
    """
    wording = Wording(one_line(subject), tidy(body).strip())
    with transaction.atomic():
        docket, row = _open_letter(letter, actor, version)
        _check_words(row.line, wording)
        row.edited_by, row.edited_at = actor, at
        _store(row, wording)
        _note(docket, row, "edit_letter", "was edited by hand", actor=actor, at=at)
    return row


def reset_letter(letter: Letter, *, actor: Any, at: datetime, version: int) -> Letter:
    """Take the template again; what was written by hand is gone, but for the activity log."""
    with transaction.atomic():
        docket, row = _open_letter(letter, actor, version)
        (now,) = standings(docket, [told_lines(docket).get(pk=row.line_id)])
        was, row.edited_by, row.edited_at = row.body, None, None
        _store(row, now.fresh)
        _note(docket, row, "reset_letter", "is the template’s again", actor=actor, at=at, was=was)
    return row


def release_letters(
    docket: Docket, references: Collection[str], *, actor: Any, at: datetime, version: int
) -> list[Standing]:
    """Release the letters to these proposals, by their references: their teams learn the decision, by mail and here.

    All of them or none. The last one announces the docket. Locks the docket, then proposals, awards and letters, each
    in primary-key order. A second click of the same button is refused, and every team has its mail once. Raises
    `Refused` with the reasons, `Stale` when anything about the docket or a letter changed since `version`.
    """
    with transaction.atomic():
        row = lock(docket)
        demand(rules.may_announce(row, actor))
        rows = standings(row)
        wanted = [each for each in rows if each.reference in references]
        _refuse_unless_open(row, wanted, references)
        if row.version != version:
            raise Stale(row)
        _release(row, wanted, actor=actor, at=at)
        if all(each.is_released or each in wanted for each in rows):
            DOCKET.perform(row, "announce", actor=actor, at=at)
        else:
            bump(row)
            names = ", ".join(each.reference for each in wanted)
            summary = f"Released {counted(len(wanted), 'letter')}: {names}."
            record(row, "release_letters", actor=actor, at=at, summary=summary)
    return wanted


def announce_decisions(docket: Docket, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `announce`: every letter that was not released before goes out now."""
    docket.announced_at = at
    write_letters(docket)
    _release(docket, [each for each in standings(docket) if not each.is_released], actor=actor, at=at)


def send_missing(letter: Letter, *, actor: Any, at: datetime) -> int:
    """Mail a released letter to whoever should have it now and was never written to. Returns how many that were."""
    with transaction.atomic():
        docket = lock(letter.line.docket)
        demand(rules.may_announce(docket, actor))
        row = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
        if row.released_at is None:
            raise Refused("This letter is not released yet, so nobody can be sent it.")
        (now,) = standings(docket, [told_lines(docket).get(pk=row.line_id)])
        if not now.unsent:
            raise Refused("Everybody who should have this letter was written to.")
        number = len(now.unsent)
        _send(row, now.line, now.unsent)
        names = ", ".join(str(each) for each in now.unsent)
        _log(docket, now.line, "send_letter", f"was sent to {names}", actor=actor, at=at)
    return number


def send_again(letter: Letter, *, message: Message, actor: Any, at: datetime) -> None:
    """Put a mail of this letter that failed back into the outbox. Raises `Refused` when it did not fail."""
    demand(rules.may_announce(letter.line.docket, actor))
    if not message.key.startswith(message_key(letter, 0).removesuffix("0")):
        raise Refused("This mail belongs to another letter.")
    mail.send_again(message, actor=actor, at=at)


def _release(docket: Docket, rows: Iterable[Standing], *, actor: Any, at: datetime) -> None:
    chosen = list(rows)
    lines = [each.line.pk for each in chosen]
    proposals = {each.pk: each for each in lock_all(Proposal.objects.filter(docket_lines__in=lines))}
    awards = {each.docket_line_id: each for each in lock_all(Award.objects.filter(docket_line__in=lines))}
    letters = {each.line_id: each for each in lock_all(Letter.objects.filter(line__in=lines))}
    reasons = [each.obstacle for each in chosen if each.obstacle]
    if reasons:
        raise Refused(*reasons)
    people = recipients_of({each.line.proposal.site_id for each in chosen})
    for each in chosen:
        letter = letters[each.line.pk]
        PROPOSAL.perform(proposals[each.line.proposal_id], _TOLD_AS[each.decision], actor=actor, at=at)
        if each.decision == Decision.AWARD:
            AWARD.perform(awards[each.line.pk], "offer", actor=actor, at=at)
        letter.released_by, letter.released_at = actor, at
        letter.version += 1
        letter.save(update_fields=["released_by", "released_at", "version"])
        _send(letter, each.line, people[each.line.proposal.site_id])


def _send(letter: Letter, line: DocketLine, people: Iterable[Any]) -> None:
    """Mail the letter to these people; whoever has it gets no second one."""
    facts = {"letter": letter, "proposal": line.proposal, "round": line.docket.round}
    for person in people:
        mail.send("letter", person.email, context=facts, key=message_key(letter, person.pk))


def _refuse_unless_open(docket: Docket, wanted: list[Standing], references: Collection[str]) -> None:
    if not references:
        raise Refused("Tick at least one letter to release.")
    if len(wanted) < len(set(references)):
        raise Refused("One of these proposals gets no letter from this docket. Look at the list again.")
    if all(each.is_released for each in wanted):
        raise Refused("These letters are released already. Each team was written to once.")
    if docket.state != DocketState.APPROVED:
        raise Refused(f"Letters are released once the director approved the docket. {_is(docket)}")
    reasons = [f"The letter to {each.line.proposal.site} is released already." for each in wanted if each.is_released]
    if reasons:
        raise Refused(*reasons)


def _open_docket(docket: Docket, actor: Any) -> Docket:
    row: Docket = lock(docket)
    demand(rules.may_announce(row, actor))
    if row.state != DocketState.APPROVED:
        raise Refused(f"Letters are written between the approval and the announcement. {_is(row)}")
    return row


def _open_letter(letter: Letter, actor: Any, version: int) -> tuple[Docket, Letter]:
    """The docket and the letter, locked for a change."""
    docket = _open_docket(letter.line.docket, actor)
    row = Letter.objects.select_for_update(of=("self",)).select_related("line__proposal__site").get(pk=letter.pk)
    if row.released_at is not None:
        raise Refused("This letter is released and stays as it was sent.")
    if row.version != version:
        raise Stale(row)
    return docket, row


def _check_words(line: DocketLine, wording: Wording) -> None:
    errors: dict[str, str] = {}
    for name, text, longest in (("subject", wording.subject, 0), ("body", wording.body, BODY_LENGTH)):
        if not text:
            errors[name] = "Fill this in; the team reads it."
        elif longest and len(text) > longest:
            errors[name] = f"Shorten this to {longest:,} characters."
        elif "{" in text or "}" in text:
            errors[name] = "Fields work in templates only. Write here what the team should read, without braces."
        else:
            found = named_reviewers(line.proposal, text)
            if found:
                errors[name] = f"This names a reviewer, {found[0]}. Teams do not learn who reviewed them."
    if errors:
        raise ValidationError(errors)


def _store(letter: Letter, wording: Wording) -> None:
    letter.subject, letter.body = wording.subject, wording.body
    letter.version += 1
    letter.save(update_fields=["subject", "body", "version", "edited_by", "edited_at"])


def _note(docket: Docket, letter: Letter, verb: str, what: str, *, actor: Any, at: datetime, was: str = "") -> None:
    """Count the docket's version up, so that a page that was about to release the old words notices, and log it."""
    bump(docket)
    _log(docket, letter.line, verb, what, actor=actor, at=at, was=was)


def _log(docket: Docket, line: DocketLine, verb: str, what: str, *, actor: Any, at: datetime, was: str = "") -> None:
    facts = {"proposal": line.proposal.reference} | ({"was": was} if was else {})
    record(docket, verb, actor=actor, at=at, summary=f"The letter to {line.proposal.site} {what}.", facts=facts)


def _is(docket: Docket) -> str:
    return f"This one is {certain(docket.get_state_display()).lower()}."
