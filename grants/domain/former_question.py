"""What is typed to a question that a page opened before the questions changed still asked: kept, never dropped."""

from __future__ import annotations

from collections.abc import Mapping

from grants.domain.queries.dossier import Dossier, Part
from grants.models import Answer, Question


def keep_for_former(dossier: Dossier, part: Part, answers: Mapping[str, str]) -> set[str]:
    """Keep the texts no question of this section takes any more with the question that did; returns their keys.

    The team finds them beside the notice of the change (`queries.question_version.told_to`). A proposal whose questions
    never changed costs no query.
    """
    version = dossier.proposal.questions_version
    if version == 1:
        return set()
    now = {each.key: each for each in dossier.asked(part.key)}
    left = [key for key, text in answers.items() if text.strip() and not (key in now and now[key].takes(text))]
    if not left:
        return set()
    rows = Question.objects.filter(round=dossier.round, key__in=left, until__lte=version).order_by("until")
    former = {each.key: each for each in rows if each.section_key == part.key and each.takes(answers[each.key])}
    Answer.objects.bulk_create(
        [Answer(proposal=dossier.proposal, question=each, text=answers[key]) for key, each in former.items()],
        update_conflicts=True,
        unique_fields=["proposal", "question"],
        update_fields=["text"],
    )
    return set(former)
