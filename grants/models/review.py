"""A review: one reviewer's scores and reasons for one proposal."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from grants.enums import ReviewKind, ReviewReminderMoment, ReviewState
from portal.access import VisibleQuerySet
from portal.accounts.enums import Role
from portal.record import Record


class ReviewQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Staff see every review; who holds the reviewer role now their own, except those they stepped back from."""
        if user.is_foundation_staff:
            return self
        if Role.REVIEWER not in user.roles:
            return self.none()
        return self.filter(reviewer=user).exclude(state=ReviewState.RECUSED)

    def real(self):
        """The reviews that count towards decisions: not those of a calibration."""
        return self.filter(kind=ReviewKind.REAL)

    def waiting(self):
        """What a reviewer has still to do: reviews not submitted, and of samples those whose calibration is open."""
        unfinished = self.filter(state__in=[ReviewState.ASSIGNED, ReviewState.IN_PROGRESS])
        return unfinished.filter(calibration__closed_at=None)


class Review(Record):
    """Nothing of the proposal is shown to the reviewer before `no_conflict_at`."""

    proposal = models.ForeignKey("grants.Proposal", models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=12, choices=ReviewKind, default=ReviewKind.REAL, editable=False)
    # The calibration it is part of: its round's rubric is scored then, whichever round the sample comes from.
    calibration = models.ForeignKey(
        "grants.Calibration", models.PROTECT, null=True, related_name="reviews", editable=False
    )
    state = models.CharField(max_length=16, choices=ReviewState, default=ReviewState.ASSIGNED, editable=False)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    no_conflict_at = models.DateTimeField(null=True, editable=False)
    recused_at = models.DateTimeField(null=True, editable=False)
    recusal_reason = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True, editable=False)
    saved_at = models.DateTimeField("draft last saved", null=True, editable=False)
    # The random word of the page that saved last: its own next save is no conflict when an answer got lost.
    editor = models.CharField(max_length=32, blank=True, editable=False)
    # Which save of that page it was, as the page counts them: one that was overtaken on the way comes too late.
    turn = models.PositiveIntegerField(default=0, editable=False)
    feedback = models.TextField("comments for the applicant", blank=True)
    private_notes = models.TextField("private notes", blank=True)
    # Weighted mean of the scores on the round's scale, frozen when the review is submitted.
    weighted_mean = models.DecimalField(max_digits=5, decimal_places=3, null=True, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["reviewer", "state"], name="review_by_reviewer_and_state"),
            models.Index(fields=["created_at", "id"], name="review_by_birth"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReviewState.values), name="review_state_is_known"),
            models.CheckConstraint(condition=Q(kind__in=ReviewKind.values), name="review_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind=ReviewKind.REAL, calibration=None)
                | Q(kind=ReviewKind.CALIBRATION, calibration__isnull=False),
                name="review_calibration_follows_kind",
            ),
            models.UniqueConstraint(
                fields=["proposal", "reviewer"],
                condition=Q(kind=ReviewKind.REAL),
                name="one_review_per_reviewer_and_proposal",
            ),
            models.UniqueConstraint(fields=["calibration", "reviewer"], name="one_review_per_reviewer_and_calibration"),
            models.CheckConstraint(
                condition=~Q(state__in=[ReviewState.IN_PROGRESS, ReviewState.SUBMITTED])
                | Q(no_conflict_at__isnull=False),
                name="review_begins_with_the_conflict_question",
            ),
            models.CheckConstraint(
                condition=Q(state=ReviewState.SUBMITTED, submitted_at__isnull=False, weighted_mean__isnull=False)
                | (~Q(state=ReviewState.SUBMITTED) & Q(submitted_at=None, weighted_mean=None)),
                name="review_submitted_at_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(state=ReviewState.RECUSED, recused_at__isnull=False)
                | (~Q(state=ReviewState.RECUSED) & Q(recused_at=None)),
                name="review_recused_at_follows_state",
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def is_calibration(self) -> bool:
        """Whether it is of a sample, and so counts towards no decision."""
        return self.kind == ReviewKind.CALIBRATION

    @property
    def rubric_round(self):
        """The round by whose rubric it is scored: of a sample the round that is calibrated, else the proposal's own."""
        return self.calibration.round if self.calibration else self.proposal.round

    @property
    def is_blind(self) -> bool:
        """Whether its reviewer is not told who applies: the round reads without names, or the sample's own one did."""
        return self.rubric_round.blind or self.proposal.round.blind


class Score(models.Model):
    """The score for one criterion with its reason; both may still be open in a draft."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey("grants.Criterion", models.PROTECT, related_name="scores")
    points = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["criterion__position"]
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="one_score_per_criterion"),
            models.CheckConstraint(condition=Q(points=None) | Q(points__gte=1, points__lte=10), name="score_in_range"),
        ]

    def __str__(self):
        return f"{self.review}: {self.criterion}"


class SubmittedReview(models.Model):
    """A review as it was submitted, for good: what a discussion changed later stands beside what was said before it."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="submitted")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    weighted_mean = models.DecimalField(max_digits=5, decimal_places=3)
    # By criterion in the order of the rubric: `{"criterion": key, "name": …, "weight": …, "points": …, "reason": …}`.
    scores = models.JSONField()
    feedback = models.TextField(blank=True)
    after_discussion = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="submitted_review_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="submitted_review_numbered_from_1"),
        ]

    def __str__(self):
        return f"{self.review}, {self.number}"


class ReadingCopy(models.Model):
    """The proposal as its reviewer may read it, as a PDF for reading offline. It goes with its document after some days."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    review = models.ForeignKey(Review, models.CASCADE, related_name="reading_copies")
    document = models.OneToOneField("documents.Document", models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name_plural = "reading copies"

    def __str__(self):
        return f"{self.review}: reading copy of {self.made_at.isoformat()}"


class ReviewReminder(models.Model):
    """A reviewer was reminded of a due day, once for each moment; what was never sent in time is not made up for."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="reminders")
    due_on = models.DateField()
    moment = models.CharField(max_length=8, choices=ReviewReminderMoment)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "due_on", "moment"], name="review_reminder_once_per_moment"),
            models.CheckConstraint(
                condition=Q(moment__in=ReviewReminderMoment.values), name="review_reminder_moment_is_known"
            ),
        ]

    def __str__(self):
        return f"{self.review}: {self.get_moment_display()}"
