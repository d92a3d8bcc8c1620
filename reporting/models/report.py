"""An annual progress report and what its sections are made of."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.access import VisibleQuerySet
from portal.money import ZERO, MoneyField
from portal.record import Record
from reporting.enums import Audience, MilestoneStatus, Rating, ReportState


class AnnualReportQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Staff see every report; a team its site's, once the award was announced."""
        if user.is_foundation_staff:
            return self
        return self.filter(site__in=user.seats.current().values("site"), award_year__award__offered_at__isnull=False)


class AnnualReport(Record):
    """The report of one award year. All five exist from the day of award."""

    award_year = models.OneToOneField("grants.AwardYear", models.PROTECT, related_name="report")
    site = models.ForeignKey("grant_sites.Site", models.PROTECT, related_name="reports")
    due_on = models.DateField("due")
    state = models.CharField(max_length=16, choices=ReportState, default=ReportState.DRAFT, editable=False)
    summary = models.TextField("the year in brief", blank=True)
    challenges = models.TextField(blank=True)
    lessons = models.TextField(blank=True)
    next_year = models.TextField("next year", blank=True)
    submitted_at = models.DateTimeField(null=True, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    questions = models.TextField("what staff asked", blank=True, editable=False)
    reply = models.TextField("what we read, what we will do", blank=True, editable=False)

    objects = AnnualReportQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["state", "due_on", "id"], name="report_by_state_and_due")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="report_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=ReportState.DRAFT, submitted_at=None)
                | (~Q(state=ReportState.DRAFT) & Q(submitted_at__isnull=False)),
                name="report_submitted_at_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.ACCEPTED, accepted_at__isnull=False, accepted_by__isnull=False)
                | (~Q(state=ReportState.ACCEPTED) & Q(accepted_at=None, accepted_by=None)),
                name="report_accepted_at_follows_state",
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def is_open(self) -> bool:
        """Whether the report is with the team, who can still change it."""
        return self.state in {ReportState.DRAFT, ReportState.RETURNED}


class ReportSectionSave(models.Model):
    """Who saved a section last, and its version: what two people editing it are told apart by.

    `editor` is a random word of the open page that saved last; see `grants.ProposalSection`.
    """

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="sections")
    key = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    editor = models.CharField(max_length=32, blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="section_once_per_report")]

    def __str__(self):
        return f"{self.report}: {self.key}"


class ComponentProgress(models.Model):
    """What happened in one component during the year."""

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="progress")
    component = models.ForeignKey("grant_sites.Component", models.PROTECT, related_name="+")
    text = models.TextField("progress", blank=True)
    rating = models.PositiveSmallIntegerField("self-rating", choices=Rating, null=True, blank=True)

    class Meta:
        ordering = ["component__position"]
        constraints = [
            models.UniqueConstraint(fields=["report", "component"], name="progress_once_per_component"),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__in=Rating.values), name="progress_rating_is_known"
            ),
        ]

    def __str__(self):
        return f"{self.report}, {self.component}"


class MilestoneOutcome(models.Model):
    """What became of a milestone of the plan in the year it was promised for."""

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="milestones")
    milestone = models.ForeignKey("grants.Milestone", models.PROTECT, related_name="outcomes")
    status = models.CharField(max_length=8, choices=MilestoneStatus, blank=True)
    note = models.CharField("why", max_length=300, blank=True)

    class Meta:
        ordering = ["milestone__component__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "milestone"], name="outcome_once_per_milestone"),
            models.CheckConstraint(
                condition=Q(status="") | Q(status__in=MilestoneStatus.values), name="outcome_status_is_known"
            ),
        ]

    def __str__(self):
        return f"{self.milestone}: {self.get_status_display()}"


class Engagement(models.Model):
    """How many people of one kind took part, how often, doing what."""

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="engagement")
    audience = models.CharField(max_length=16, choices=Audience)
    people = models.PositiveIntegerField("how many")
    times = models.PositiveIntegerField("how often in the year")
    doing = models.CharField("doing what", max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "audience"], name="engagement_once_per_audience"),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="engagement_audience_is_known"),
        ]

    def __str__(self):
        return self.get_audience_display()


class Spending(models.Model):
    """What was spent on one component, beside what the award gave it."""

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="spending")
    component = models.ForeignKey("grant_sites.Component", models.PROTECT, related_name="+")
    budget = MoneyField()
    actual = MoneyField(null=True, blank=True)
    explanation = models.TextField("why it differs", blank=True)

    class Meta:
        ordering = ["component__position"]
        verbose_name_plural = "spending"
        constraints = [
            models.UniqueConstraint(fields=["report", "component"], name="spending_once_per_component"),
            models.CheckConstraint(
                condition=Q(budget__gte=ZERO) & (Q(actual=None) | Q(actual__gte=ZERO)), name="spending_not_negative"
            ),
        ]

    def __str__(self):
        return f"{self.report}, {self.component}"


class Certification(models.Model):
    """A partner's certification that the report is true, typed by the site lead on its behalf or by itself."""

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="certifications")
    partner = models.ForeignKey("grant_sites.Partner", models.PROTECT, related_name="+")
    name = models.CharField("full name", max_length=120)
    title = models.CharField(max_length=120)
    at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["report", "partner"], name="certified_once_per_partner")]

    def __str__(self):
        return f"{self.name}, {self.title}"


class ReportSubmission(models.Model):
    """What was submitted, frozen: the database refuses to change or delete a row. See `grants.Submission`."""

    report = models.ForeignKey(AnnualReport, models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_submission_numbered_once")]

    def __str__(self):
        return f"{self.report}, submission {self.number}"
