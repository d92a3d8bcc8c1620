"""What stands in the way of a round's steps, and how its proposals are spread over the states."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count

from grants.domain.queries.burden import estimate
from grants.domain.queries.call import sections_of
from grants.domain.queries.proposal import quote
from grants.domain.queries.question_version import current_questions, prepared_changes
from grants.domain.queries.round_dates import date_warnings
from grants.enums import ProposalState, QuestionKind, RoundState
from grants.models import FundingRound, Question
from portal import clock
from portal.words import counted, span_words, when_words, zone_named

# Proposals in these states still wait for somebody at the foundation.
UNDECIDED = (
    ProposalState.SUBMITTED,
    ProposalState.RETURNED,
    ProposalState.IN_REVIEW,
    ProposalState.RECOMMENDED,
    ProposalState.NOT_RECOMMENDED,
)
# A shorter call is pointed out.
SHORTEST_CALL = timedelta(days=28)


def missing_to_publish(round_: FundingRound) -> list[str]:
    """Blockers of `publish`."""
    missing = []
    if not round_.summary.strip():
        missing.append("Write the summary visitors see in the list of open calls.")
    questions = list(current_questions(round_))
    if not questions:
        missing.append("Add questions.")
    missing += [sentence for each in questions if (sentence := _question_lacks(each))]
    criteria = list(round_.criteria.all())
    if not criteria:
        missing.append("Add at least one criterion to the rubric.")
    ends = ("1", str(round_.top_score))
    for each in criteria:
        if not all(each.anchors.get(score, "").strip() for score in ends):
            missing.append(f"Rubric: say what a score of 1 and of {round_.top_score} means for “{each}”.")
        elif any(int(score) > round_.top_score for score in each.anchors):
            missing.append(f"Rubric: “{each}” explains scores above {round_.top_score}. Open and save it.")
    missing += [f"Documents: explain what belongs in “{each}”." for each in round_.slots.all() if not each.help.strip()]
    return missing + _dates_behind(round_)


def _question_lacks(question: Question) -> str:
    if question.kind == QuestionKind.TEXT and not question.word_limit:
        return f"Questions: set a word limit for {quote(question.prompt)}."
    if question.kind == QuestionKind.CHOICE and len(question.choices) < 2:
        return f"Questions: write the answers to choose from for {quote(question.prompt)}."
    if question.qualifying and not question.if_no.strip():
        return f"Questions: write what a “no” means to {quote(question.prompt)}."
    return ""


def _dates_behind(round_: FundingRound) -> list[str]:
    now = clock.now()
    today = now.astimezone(zone_named(round_.time_zone)).date()
    if round_.closes_at <= now:
        return ["The closing date has passed: choose a later one."]
    if round_.decision_by and round_.decision_by < today:
        return ["The day of the decision has passed: choose a later one."]
    return []


def obstacles_to_unpublishing(round_: FundingRound) -> list[str]:
    """Blockers of `unpublish`: once a team works on it, the call stays as they read it."""
    started = round_.proposals.count()
    if not started:
        if prepared_changes(round_):
            return ["You prepared changes of its questions. Publish or drop them first."]
        return []
    teams = "One team has" if started == 1 else f"{started} teams have"
    return [f"{teams} already started a proposal."]


def obstacles_to_closing(round_: FundingRound) -> list[str]:
    """Blockers of `decide`."""
    obstacles = []
    if clock.now() <= round_.closes_at:
        obstacles.append(f"The call is open until {when_words(round_.closes_at, round_.time_zone)}.")
    longer = round_.proposals.filter(state=ProposalState.DRAFT, extended_until__gte=clock.now()).count()
    if longer:
        have = "team has" if longer == 1 else "teams have"
        obstacles.append(f"{longer} {have} more time to submit.")
    waiting = round_.proposals.filter(state__in=UNDECIDED).count()
    if waiting:
        verb = "waits" if waiting == 1 else "wait"
        obstacles.append(f"{counted(waiting, 'proposal')} still {verb} for a decision.")
    return obstacles


def counts_by_state(rounds) -> dict[int, dict[str, int]]:
    """How many proposals each of these rounds has in each state, by the round's key. One query."""
    counts: dict[int, dict[str, int]] = {}
    rows = FundingRound.objects.filter(pk__in=[each.pk for each in rounds], proposals__isnull=False)
    for pk, state, number in rows.order_by().values_list("pk", "proposals__state").annotate(Count("proposals")):
        counts.setdefault(pk, {})[state] = number
    return counts


def summary_of(counts: dict[str, int]) -> dict[str, int]:
    """The three numbers of a row in the list of rounds: drafts, proposals submitted and since, awards."""
    drafts = counts.get(ProposalState.DRAFT, 0)
    withdrawn = counts.get(ProposalState.WITHDRAWN, 0)
    return {
        "drafts": drafts,
        "submitted": sum(counts.values()) - drafts - withdrawn,
        "awarded": counts.get(ProposalState.AWARDED, 0),
    }


def warnings_about(round_: FundingRound) -> list[str]:
    """What is allowed but probably not meant."""
    warnings = [sentence for sentences in date_warnings(round_).values() for sentence in sentences]
    open_for = round_.closes_at - round_.opens_at
    if open_for < SHORTEST_CALL:
        warnings.append(f"The call is open for {span_words(open_for)} only: a coalition has to meet, write and sign.")
    if round_.envelope < round_.total_ceiling:
        warnings.append("The money for all awards is less than one site may get.")
    return warnings


def facts_to_publish(round_: FundingRound) -> list[tuple[str, str]]:
    """What somebody who publishes a round should see once more."""
    if round_.state != RoundState.DRAFT:
        return []
    sections, slots = sections_of(round_), list(round_.slots.all())
    facts = [
        ("Opens", when_words(round_.opens_at, round_.time_zone)),
        ("Closes", when_words(round_.closes_at, round_.time_zone)),
        (
            "Asks for",
            f"{counted(sum(len(each.questions) for each in sections), 'question')}, {counted(len(slots), 'document')}",
        ),
        ("Takes a team", estimate(sections, slots).words),
    ]
    return facts + [("Is this meant?", sentence) for sentence in warnings_about(round_)]


def open_rounds(at: datetime):
    """Rounds that take proposals now, the one that closes first on top."""
    return FundingRound.objects.open_at(at).order_by("closes_at", "pk")


def scheduled_rounds(at: datetime):
    """Published rounds that open later."""
    return FundingRound.objects.filter(state=RoundState.PUBLISHED, opens_at__gt=at).order_by("opens_at", "pk")


def past_rounds(at: datetime):
    """Published rounds that are over, the latest first."""
    return FundingRound.objects.public().filter(closes_at__lt=at).order_by("-closes_at", "-pk")
