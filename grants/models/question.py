"""A question of a round, and the versions of a round's questions."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grants.enums import QuestionKind, Section


class QuestionQuerySet(models.QuerySet):
    def of_version(self, version: int):
        """The questions as one version asks them."""
        return self.filter(Q(until=None) | Q(until__gt=version), since__lte=version)


class Question(models.Model):
    """A question of a round: the programme's core questions are copied in when it is made, staff add their own.

    A row belongs to the question versions from `since` up to, not including, `until` (None: still asked). While a call
    is a draft everything is version 1 and edited in place. What changes after it was published is prepared as the next
    version: the old row gets that number as `until`, and its successor, with the same `key`, as `since`.
    """

    round = models.ForeignKey("grants.FundingRound", models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=64)
    section = models.CharField(max_length=16, choices=Section)
    component = models.ForeignKey("grant_sites.Component", models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=8, choices=QuestionKind)
    prompt = models.CharField("question", max_length=300)
    help = models.TextField("explanation", blank=True)
    word_limit = models.PositiveIntegerField(null=True, blank=True)
    choices = models.JSONField(default=list, blank=True, help_text="For a choice: the list of answers.")
    required = models.BooleanField(default=True)
    qualifying = models.BooleanField("a “no” means the site cannot apply", default=False)
    if_no = models.TextField("what a “no” means", blank=True)
    hidden_from_reviewers = models.BooleanField(default=False)
    core = models.BooleanField("asked in every round", default=False, editable=False)
    position = models.PositiveSmallIntegerField()
    since = models.PositiveSmallIntegerField("first question version", default=1, editable=False)
    until = models.PositiveSmallIntegerField("first question version without it", null=True, editable=False)
    # What one proposal answers, where the question was read for a proposal (`domain.queries.dossier`).
    typed: str = ""

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(section__in=Section.values), name="question_section_is_known"),
            models.CheckConstraint(condition=Q(kind__in=QuestionKind.values), name="question_kind_is_known"),
            models.UniqueConstraint(fields=["round", "key", "since"], name="question_key_once_per_version"),
            models.UniqueConstraint(
                fields=["round", "key"], condition=Q(until=None), name="question_key_asked_once_per_round"
            ),
            models.CheckConstraint(condition=Q(since__gte=1), name="question_versions_start_at_1"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("since")), name="question_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(section=Section.PLAN, component__isnull=False)
                | (~Q(section=Section.PLAN) & Q(component=None)),
                name="question_of_a_plan_has_a_component",
            ),
            models.CheckConstraint(
                condition=Q(qualifying=False) | Q(kind=QuestionKind.YES_NO), name="question_qualifying_is_yes_or_no"
            ),
        ]

    def __str__(self):
        return self.prompt

    @property
    def section_key(self) -> str:
        """`need`, or `plan-collaboration` for the plan of a component."""
        return f"{self.section}-{self.component_id}" if self.component_id else self.section

    def takes(self, text: str) -> bool:
        """Whether a text can be kept as an answer: none always, else one of the choices, yes or no, or any text."""
        if self.kind == QuestionKind.YES_NO:
            return text in {"", "yes", "no"}
        return self.kind != QuestionKind.CHOICE or not text or text in self.choices


class QuestionVersion(models.Model):
    """A change of a published call's questions: version 2 and up. Drafts are carried over, what was submitted is not."""

    round = models.ForeignKey("grants.FundingRound", models.CASCADE, related_name="question_versions")
    number = models.PositiveSmallIntegerField()
    notice = models.TextField("what teams are told about the change")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="question_version_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=2), name="question_version_follows_the_first"),
            models.CheckConstraint(condition=~Q(notice=""), name="question_version_says_what_changed"),
        ]

    def __str__(self):
        return f"{self.round}, questions version {self.number}"
