"""The questions every round asks: the one table they are copied from when a round is made."""

from __future__ import annotations

from dataclasses import dataclass

from grants.enums import QuestionKind, Section
from grants.models import Question
from sites.models import Component


@dataclass(frozen=True)
class CoreQuestion:
    """A question of the programme. In a plan it is asked once for each component. With `if_no` it decides who may apply."""

    key: str
    section: Section
    prompt: str
    help: str
    kind: QuestionKind = QuestionKind.TEXT
    word_limit: int | None = None
    if_no: str = ""


CORE_QUESTIONS = (
    CoreQuestion(
        "district-partner", Section.ELIGIBILITY, "Is a public school district a full partner of your coalition?",
        "A partner takes part in the decisions and signs the proposal.", QuestionKind.YES_NO,
        if_no="The grant pays for work in the schools of a district that decides with you. Talk to the superintendent "
        "first; you can apply together in this round or the next.",
    ),
    CoreQuestion(
        "union-partner", Section.ELIGIBILITY, "Is the local education union a full partner of your coalition?",
        "The union represents the teachers of that district.", QuestionKind.YES_NO,
        if_no="District and union lead the work together, so a coalition without the union cannot apply. Invite its "
        "president; where several unions speak for the teachers, one is enough.",
    ),
    CoreQuestion(
        "community-partner", Section.ELIGIBILITY, "Does at least one community organization take part?",
        "For example a community fund, a parent group, a college or a business council.", QuestionKind.YES_NO,
        if_no="Families and community partners are one of the three parts of every grant. Find one organization that "
        "will take part; it need not be large.",
    ),
    CoreQuestion(
        "district-schools", Section.ELIGIBILITY, "Will the work take place in schools of that district?",
        "You name the schools on the page of your coalition.", QuestionKind.YES_NO,
        if_no="The grant is for public schools of the partner district. Work elsewhere can be part of it, and not all "
        "of it.",
    ),
    CoreQuestion(
        "working-together", Section.COALITION, "How do the partners work together and decide?",
        "Who meets, how often, and what happens when you disagree.", word_limit=400,
    ),
    CoreQuestion(
        "gaps", Section.NEED, "Which gaps in achievement do you want to close, and what causes them?",
        "Think of every level: students far behind, students near proficient, high achievers who are held back.",
        word_limit=800,
    ),
    CoreQuestion(
        "baseline", Section.NEED, "What do your results not show?",
        "You enter the numbers themselves under “Baseline results”. Say here what they leave out: who was not tested, "
        "groups too small to count, what teachers and families see.", word_limit=250,
    ),
    CoreQuestion(
        "strategy", Section.PLAN, "What is your strategy?",
        "What you will change, and why you expect it to close the gaps you named.", word_limit=800,
    ),
    CoreQuestion(
        "activities", Section.PLAN, "What will you do over the five years, and who does it?",
        "The main activities in their order.", word_limit=600,
    ),
    CoreQuestion(
        "measures", Section.PLAN, "How will you know that it works?",
        "What you will count or observe, and how often.", word_limit=400,
    ),
    CoreQuestion(
        "after-the-grant", Section.SUSTAINABILITY, "What stays when the grant ends, and who pays for it?",
        "Name what becomes part of the ordinary budget, and which partner carries it.", word_limit=500,
    ),
)  # fmt: skip


def core_rows(round_) -> list[Question]:
    """The questions of `CORE_QUESTIONS` as unsaved rows of a round, in order, the plan's once for each component."""
    components = list(Component.objects.all())
    asked = []
    for section in Section:
        mine = [each for each in CORE_QUESTIONS if each.section == section]
        for component in components if section == Section.PLAN else [None]:
            asked += [(each, component) for each in mine]
    return [
        Question(
            round=round_,
            key=f"{component.code}-{each.key}" if component else each.key,
            section=each.section,
            component=component,
            kind=each.kind,
            prompt=each.prompt,
            help=each.help,
            word_limit=each.word_limit,
            qualifying=bool(each.if_no),
            if_no=each.if_no,
            core=True,
            position=position,
        )
        for position, (each, component) in enumerate(asked, start=1)
    ]
