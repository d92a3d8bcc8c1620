"""The form of what a team is told: strengths and weaknesses by hand, and comments of reviewers to take over."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.forms import BoundField

from grants.domain.feedback_point import LONGEST, MOST
from grants.domain.queries.feedback_point import Comment
from grants.enums import PointKind
from grants.models import FeedbackPoint
from portal.forms import PortalForm

EMPTY_BOXES = 2


class PointsForm(PortalForm):
    """A box for each point there is and some empty ones, and for each comment whether it becomes a point."""

    # An empty box is no point, so none is marked as optional.
    is_draft = True

    def __init__(self, *args, points: Sequence[FeedbackPoint], comments: Sequence[Comment], **kwargs):
        super().__init__(*args, **kwargs)
        self.comments = comments
        for kind in PointKind:
            texts = [each.text for each in points if each.kind == kind]
            for place in range(1, min(len(texts) + EMPTY_BOXES, MOST) + 1):
                self.fields[f"{kind}-{place}"] = forms.CharField(
                    label=f"{kind.label} {place}",
                    initial=texts[place - 1] if place <= len(texts) else "",
                    widget=forms.Textarea(attrs={"rows": 2}),
                    max_length=LONGEST,
                    required=False,
                )
        for comment in comments:
            self.fields[f"take-{comment.key}"] = forms.ChoiceField(
                label=f"{comment.reviewer}, {comment.about}",
                choices=[("", "Leave it out"), *PointKind.choices],
                required=False,
            )

    @property
    def strengths(self) -> list[BoundField]:
        return self._boxes(PointKind.STRENGTH)

    @property
    def weaknesses(self) -> list[BoundField]:
        return self._boxes(PointKind.WEAKNESS)

    @property
    def offered(self) -> list[tuple[Comment, BoundField]]:
        """Each comment with the choice of what becomes of it."""
        return [(each, self[f"take-{each.key}"]) for each in self.comments]

    def chosen(self, kind: PointKind) -> list[str]:
        """The points of a kind of a valid form: the boxes in their order, then the comments that were taken."""
        typed = [self.cleaned_data[bound.name] for bound in self._boxes(kind)]
        taken = [each.text for each in self.comments if self.cleaned_data.get(f"take-{each.key}") == kind]
        return [*typed, *taken]

    def _boxes(self, kind: PointKind) -> list[BoundField]:
        return [self[name] for name in self.fields if name.startswith(f"{kind}-")]
