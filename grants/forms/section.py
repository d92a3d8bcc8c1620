"""The form of one section of a proposal, made from the questions the round asks there."""

from __future__ import annotations

from typing import Any, TypedDict

from django import forms
from django.core.exceptions import ValidationError

from grants.domain.queries.dossier import Dossier, Part
from grants.domain.section import MilestoneRow
from grants.enums import QuestionKind, Section
from grants.models import Milestone, Proposal, Question
from portal import programme
from portal.certain import certain
from portal.forms import PortalForm, WordsField
from sites.models import KeyIssue

YES_NO = (("yes", "Yes"), ("no", "No"))
# A plan shows this many empty rows after its milestones; saving brings more.
EMPTY_ROWS = 2
MOST_MILESTONES = 40


class _Kept:
    """A draft is kept as it is typed: what is empty or over a limit stands in the way of submitting only."""

    def validate(self, value):
        pass


# The `kind` of a field is how portal.drawing draws it.
class _Words(_Kept, WordsField):
    """A text answer."""

    kind = "words"


class _Text(_Kept, forms.CharField):
    """A short answer, as typed."""

    kind = "text"


class _Number(_Text):
    """A number, as typed."""

    kind = "number"


class _Choice(_Kept, forms.ChoiceField):
    """One of several answers; the domain refuses any other. Whoever answers no reads `if_no`."""

    kind = "one"

    def __init__(self, *, if_no: str = "", **kwargs):
        self.if_no = if_no
        super().__init__(**kwargs)


class _Choices(forms.MultipleChoiceField):
    """Any of several answers."""

    kind = "many"


class _Year(forms.TypedChoiceField):
    """An award year."""

    kind = "pick"


class SectionForm(PortalForm):
    """One field a question, named by its key; the coalition's page also has the title, the need's the key issues."""

    def __init__(self, dossier: Dossier, part: Part, data=None):
        super().__init__(data, initial={each.key: each.typed for each in dossier.asked(part.key)})
        self.part = part
        self.asked = dossier.asked(part.key)
        self.changed_since = dossier.proposal.questions_version > 1
        if part.section == Section.COALITION:
            self._add(
                "title",
                _Text(label="Title of the proposal", max_length=Proposal._meta.get_field("title").max_length),
            )
            self.initial["title"] = dossier.proposal.title
        for question in self.asked:
            self._add(question.key, _field(question))
        if part.section == Section.NEED:
            issues = [(each.code, each.name) for each in KeyIssue.objects.all()]
            box = _Choices(
                label="Which of these issues does your proposal take up?",
                help_text="Your yearly reports then show what you did about them.",
                choices=issues,
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
            self._add("key_issues", box)
            self.initial["key_issues"] = [each.code for each in dossier.key_issues]

    @property
    def facts(self) -> dict[str, Any]:
        """What `save_section` takes besides the milestones."""
        # What was not on the page is not emptied: it may have been opened before the questions changed.
        answers = {each.key: self.cleaned_data[each.key] or "" for each in self.asked if each.key in self.data}
        facts: dict[str, Any] = {"answers": answers | self._former()}
        for name in ("title", "key_issues"):
            if name in self.fields:
                facts[name] = self.cleaned_data[name]
        return facts

    def _former(self) -> dict[str, str]:
        """What an older page still asked: the domain keeps what belongs to an earlier question."""
        return {name: self.data[name] for name in self.data if self.changed_since and name not in self.fields}

    def _add(self, name: str, field: forms.Field) -> None:
        self.fields[name] = field


class MilestoneForm(PortalForm):
    """One milestone of a plan; a row with nothing written is left out."""

    year = _Year(
        label="By the end of",
        coerce=int,
        choices=[(year, f"Year {year}") for year in programme.YEAR_NUMBERS],
        initial=programme.YEAR_NUMBERS[0],
    )
    text = _Text(label="Milestone", max_length=Milestone._meta.get_field("text").max_length)
    measure = _Text(label="How you will know", max_length=Milestone._meta.get_field("measure").max_length)

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("measure") and not cleaned.get("text"):
            self.add_error("text", ValidationError("Say what the milestone is, or empty the row."))
        return cleaned


_MilestoneFormSet = forms.formset_factory(
    MilestoneForm, extra=EMPTY_ROWS, max_num=MOST_MILESTONES, absolute_max=MOST_MILESTONES, validate_max=True
)


def milestone_rows(dossier: Dossier, part: Part, data=None):
    """The milestones of a plan as a formset; None for a section that has none."""
    if part.section != Section.PLAN:
        return None
    saved = [{"year": each.year, "text": each.text, "measure": each.measure} for each in dossier.milestones_of(part)]
    return _MilestoneFormSet(data, initial=saved, prefix="milestones")


def typed_milestones(rows) -> list[MilestoneRow] | None:
    """What a valid formset of milestones says; rows with nothing written are left out."""
    if rows is None:
        return None
    return [
        MilestoneRow(each["year"], each["text"], each["measure"])
        for each in (row.cleaned_data for row in rows)
        if each.get("text")
    ]


class _Common(TypedDict):
    """What every kind of field takes."""

    label: str
    help_text: str
    required: bool


def _field(question: Question) -> forms.Field:
    common: _Common = {"label": question.prompt, "help_text": question.help, "required": question.required}
    if question.kind == QuestionKind.YES_NO:
        if_no = question.if_no if question.qualifying else ""
        return _Choice(choices=YES_NO, widget=forms.RadioSelect, if_no=if_no, **common)
    if question.kind == QuestionKind.CHOICE:
        return _Choice(choices=[(each, each) for each in question.choices], widget=forms.RadioSelect, **common)
    if question.kind == QuestionKind.NUMBER:
        return _Number(**common)
    limit = certain(question.word_limit)
    return _Words(word_limit=limit, enforced=False, rows=_rows(limit), **common)


def _rows(word_limit: int) -> int:
    """How tall a box is before it scrolls: between 4 and 10 lines."""
    return max(4, min(10, word_limit // 60))
