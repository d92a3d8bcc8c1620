"""Reading letters of decision: what fills them in, how each stands, who gets one and what became of the mail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from grants.domain.queries.letter_text import PORTAL_WORDING, Wording, fill
from grants.domain.queries.letter_values import recipients_of, told_with, values_of
from grants.enums import (
    ENDED_AWARDS,
    UNANNOUNCED,
    Decision,
    DocketState,
    LineVerdict,
    PointKind,
    ProposalState,
)
from grants.models import (
    Award,
    Docket,
    DocketAmount,
    DocketLine,
    FeedbackPoint,
    Letter,
    LetterTemplate,
    Proposal,
)
from portal.accounts.models import User
from portal.mail.enums import MessageState
from portal.mail.models import Message
from sites.models import Seat

# The states in which a proposal waits for its letter, and those it has once it was told.
_TOLD = frozenset({ProposalState.AWARDED, ProposalState.WAITLISTED, ProposalState.DECLINED})
_FEEDBACK = ((PointKind.STRENGTH, "strengths"), (PointKind.WEAKNESS, "weaknesses"))
_WITH_LETTER = UNANNOUNCED | _TOLD


@dataclass(frozen=True)
class Sending:
    """One mail of a letter to one person."""

    person: User
    message: Message

    @property
    def failed(self) -> bool:
        return self.message.state == MessageState.FAILED


@dataclass(frozen=True)
class Standing:
    """A line of a docket with its letter, if it is written, and everything the pages say about it.

    `fresh` is what the template makes of the facts now; `sent` and `people` say who got the mail and who should.
    """

    line: DocketLine
    decision: Decision
    letter: Letter | None
    fresh: Wording
    points: tuple[FeedbackPoint, ...]
    people: tuple[User, ...]
    sent: tuple[Sending, ...] = ()
    award: Award | None = None
    own_template: bool = False

    @property
    def reference(self) -> str:
        return str(self.line.proposal.reference)

    @property
    def is_released(self) -> bool:
        return self.letter is not None and self.letter.released_at is not None

    @property
    def is_edited(self) -> bool:
        return self.letter is not None and self.letter.edited_by_id is not None

    @property
    def is_behind(self) -> bool:
        """Whether the template or the facts have changed since the letter was written, and nobody edited it."""
        if self.letter is None or self.is_released or self.is_edited:
            return False
        return Wording(self.letter.subject, self.letter.body) != self.fresh

    @property
    def obstacle(self) -> str:
        """Why the letter cannot be released; empty when nothing stands in the way."""
        if self.letter is None:
            return f"The letter to {self.line.proposal.site} is not written yet. Write the letters first."
        award = self.award
        if award is not None and award.state in ENDED_AWARDS and self.is_edited:
            ended = award.terminated_at or award.withdrawn_at
            if ended and self.letter.edited_at and self.letter.edited_at <= ended:
                return (
                    f"The award of {self.line.proposal.site} has ended, and its letter was edited before. "
                    "Read it again and save it, or take the template."
                )
        return ""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What an officer should look at before the letter goes out."""
        found = []
        kinds = {each.kind for each in self.points}
        missing = [words for kind, words in _FEEDBACK if kind not in kinds] if self.decision == Decision.DECLINE else []
        if missing:
            found.append(f"No {' or '.join(missing)} are chosen")
        if self.is_behind:
            found.append("The template or the facts changed since it was written")
        if not self.people:
            found.append("Nobody on the team can get mail")
        return tuple(found)

    @property
    def unsent(self) -> tuple[User, ...]:
        """Who should have the released letter by mail and was never written to."""
        if not self.is_released:
            return ()
        had = {each.person.pk for each in self.sent}
        return tuple(each for each in self.people if each.pk not in had)

    @property
    def failures(self) -> int:
        return sum(each.failed for each in self.sent)


@dataclass(frozen=True)
class Tally:
    """How many letters of each decision some lines come to."""

    lines: tuple[Standing, ...]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Each decision's name with its number, those that occur."""
        numbers = [(each.label, sum(line.decision == each for line in self.lines)) for each in Decision]
        return [(label, number) for label, number in numbers if number]

    @property
    def people(self) -> int:
        return sum(len(line.people) for line in self.lines)


def decision_of(line: DocketLine, award: Award | None = None) -> Decision:
    """What the team is told: the recommendation, unless the director declined the line or the award has ended since."""
    if line.verdict == LineVerdict.DECLINED:
        return Decision.DECLINE
    if line.decision == Decision.AWARD and award is not None and award.state in ENDED_AWARDS and not award.offered_at:
        return Decision.DECLINE
    return Decision(line.decision)


def told_lines(docket: Docket) -> QuerySet[DocketLine]:
    """The lines whose teams get a letter from this docket; a line the director returned is not among them."""
    lines = DocketLine.objects.filter(docket=docket, proposal__state__in=_WITH_LETTER)
    lines = lines.exclude(verdict=LineVerdict.RETURNED)
    points = Prefetch("points", FeedbackPoint.objects.order_by("kind", "position", "pk"))
    amounts = Prefetch("amounts", DocketAmount.objects.order_by("year", "pk"))
    about = ("docket__round", "docket__sent_by", "proposal__site", "proposal__round")
    return lines.select_related(*about).prefetch_related(points, amounts).order_by("rank", "pk")


def standings(docket: Docket, lines: Iterable[DocketLine] | None = None) -> list[Standing]:
    """How the letter of each line stands. A fixed number of queries."""
    rows = list(told_lines(docket) if lines is None else lines)
    awards = {each.docket_line_id: each for each in Award.objects.filter(docket_line__in=rows)}
    letters = {each.line_id: each for each in Letter.objects.filter(line__in=rows).select_related("edited_by")}
    own = own_wordings(docket.round_id)
    values = values_of([(line.proposal, line) for line in rows])
    people = recipients_of({line.proposal.site_id for line in rows})
    sent = _sent(docket, rows, letters)
    found = []
    for line in rows:
        decision = decision_of(line, awards.get(line.pk))
        found.append(
            Standing(
                line=line,
                decision=decision,
                letter=letters.get(line.pk),
                fresh=fill(own.get(decision, PORTAL_WORDING[decision]), told_with(decision, values[line.proposal_id])),
                points=tuple(line.points.all()),
                people=tuple(people[line.proposal.site_id]),
                sent=tuple(sent[line.pk]),
                award=awards.get(line.pk),
                own_template=decision in own,
            )
        )
    return found


def obstacles_to_announcing(docket: Docket) -> list[str]:
    """Blockers of `announce`: letters nobody should get as they are."""
    return [each.obstacle for each in standings(docket) if each.letter is not None and each.obstacle]


def own_wordings(round_id: int) -> dict[Decision, Wording]:
    """The round's own wording by decision; a decision that is not among them uses the portal's. One query."""
    rows = LetterTemplate.objects.filter(round=round_id)
    return {Decision(each.decision): Wording(each.subject, each.body) for each in rows}


def message_key(letter: Letter, person_pk: int) -> str:
    """What makes a mail of a letter to a person once."""
    return f"letter:{letter.pk}:{person_pk}"


def released_of(proposal: Proposal) -> list[Letter]:
    """The letters a proposal's team may read, the newest first. One query."""
    letters = Letter.objects.filter(line__proposal=proposal, released_at__isnull=False)
    return list(letters.select_related("released_by", "line").order_by("-released_at", "-pk"))


def template_facts(round_) -> list[tuple[Decision, LetterTemplate | None]]:
    """Each decision with the round's own template, if it has one."""
    own = {each.decision: each for each in LetterTemplate.objects.filter(round=round_).select_related("saved_by")}
    return [(each, own.get(each)) for each in Decision]


def previewable(round_) -> QuerySet[Proposal]:
    """The proposals of a round a template can be tried on: whatever was submitted and screened in."""
    states = {ProposalState.IN_REVIEW, *_WITH_LETTER}
    return Proposal.objects.filter(round=round_, state__in=states).select_related("site", "round").order_by("pk")


def preview(wording: Wording, decision: Decision, proposal: Proposal) -> Wording:
    """The wording filled in with what is known of a proposal now."""
    lines = DocketLine.objects.filter(proposal=proposal).exclude(docket__state=DocketState.SET_ASIDE)
    line = lines.select_related("docket__sent_by").order_by("-docket__sent_at", "-pk").first()
    values = values_of([(proposal, line)])[proposal.pk]
    return fill(wording, told_with(decision, values))


def _sent(docket: Docket, lines: list[DocketLine], letters: Mapping[int, Letter]) -> Mapping[int, list[Sending]]:
    """The mails of the released letters, by the line's key. Whoever ever sat on a team may have got one. Two queries."""
    found: dict[int, list[Sending]] = defaultdict(list)
    released = [line for line in lines if line.pk in letters and letters[line.pk].released_at]
    if not released:
        return found
    seats = Seat.objects.filter(site__in={line.proposal.site_id for line in released}).select_related("holder")
    team: dict[int, dict[int, User]] = defaultdict(dict)
    for seat in seats.order_by("pk"):
        team[seat.site_id][seat.holder_id] = seat.holder
    keys = {
        message_key(letters[line.pk], person.pk): (line.pk, person)
        for line in released
        for person in team[line.proposal.site_id].values()
    }
    rows = Message.objects.filter(key__in=keys).defer("text", "html")
    for message in rows.order_by("created_at", "pk"):
        line_pk, person = keys[message.key]
        found[line_pk].append(Sending(person, message))
    return found
