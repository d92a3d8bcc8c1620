"""What a section of a proposal is made of: answers, milestones, who saved it last, and how it read before."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal import programme


class ProposalSection(models.Model):
    """Who saved a section last, and its version: what two people editing it are told apart by.

    `editor` is a random word of the open page that saved last: when an answer to it got lost on the way, its next save
    is still known as its own. `logged_version` is the version the activity log tells of; it skips autosaves.
    """

    proposal = models.ForeignKey("grants.Proposal", models.CASCADE, related_name="sections")
    key = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    logged_version = models.PositiveIntegerField(default=0)
    editor = models.CharField(max_length=32, blank=True)
    # Which save of that page it was, as the page counts them: one that was overtaken on the way comes too late.
    turn = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Measured for the burden meter: the pauses between saves, each counted up to five minutes.
    writing_seconds = models.PositiveIntegerField(default=0)
    # What was typed on the page and cannot be kept as what it should be (an amount, say), by the box's name.
    held = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "key"], name="section_once_per_proposal")]

    def __str__(self):
        return f"{self.proposal}: {self.key}"


class Answer(models.Model):
    """The answer to a question: text, or the number, choice or yes/no written as text."""

    proposal = models.ForeignKey("grants.Proposal", models.CASCADE, related_name="answers")
    question = models.ForeignKey("grants.Question", models.PROTECT, related_name="answers")
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "question"], name="one_answer_per_question")]

    def __str__(self):
        return f"{self.proposal}: {self.question}"


class Milestone(models.Model):
    """Something a plan promises to have reached by the end of an award year."""

    proposal = models.ForeignKey("grants.Proposal", models.CASCADE, related_name="milestones")
    component = models.ForeignKey("grant_sites.Component", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("award year")
    text = models.CharField("milestone", max_length=300)
    measure = models.CharField("how you will know", max_length=300, blank=True)

    class Meta:
        ordering = ["component__position", "year", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(year__gte=1, year__lte=programme.AWARD_YEARS), name="milestone_in_an_award_year"
            ),
        ]

    def __str__(self):
        return self.text


class SectionRevision(models.Model):
    """How a section read after a save. Saves of one open page within minutes of each other share a revision.

    `content` is what `grants.domain.revision` reads and restores: answers by question key, and what else the section
    holds (title, milestones, key issues, budget cells, baseline tables).
    """

    proposal = models.ForeignKey("grants.Proposal", models.CASCADE, related_name="revisions")
    key = models.CharField("section", max_length=40)
    number = models.PositiveIntegerField()
    content = models.JSONField()
    editor = models.CharField(max_length=32, blank=True)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    restored_from = models.PositiveIntegerField("number of the revision it brought back", null=True)

    class Meta:
        ordering = ["proposal", "key", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "key", "number"], name="revision_numbered_once"),
            models.CheckConstraint(
                condition=Q(saved_at__gte=models.F("started_at")), name="revision_saved_after_start"
            ),
        ]

    def __str__(self):
        return f"{self.proposal}: {self.key}, revision {self.number}"
