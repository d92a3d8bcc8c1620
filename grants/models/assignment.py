"""A plan of who reviews what, made by the portal and adjusted by staff before anybody is asked."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grants.enums import PlanSource, PlanState
from portal.access import VisibleQuerySet
from portal.record import Record


class AssignmentPlanQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Foundation staff only."""
        return self if user.is_foundation_staff else self.none()


class AssignmentPlan(Record):
    """A round has at most one draft. `computed_at` is set once the portal has proposed; `remarks` say what it missed."""

    round = models.ForeignKey("grants.FundingRound", models.PROTECT, related_name="plans")
    state = models.CharField(max_length=8, choices=PlanState, default=PlanState.DRAFT, editable=False)
    per_proposal = models.PositiveSmallIntegerField("reviews per proposal")
    due_on = models.DateField("reviews due", null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    computed_at = models.DateTimeField(null=True, editable=False)
    remarks = models.JSONField(default=list, editable=False)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)

    objects = AssignmentPlanQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PlanState.values), name="plan_state_is_known"),
            models.UniqueConstraint(
                fields=["round"], condition=Q(state=PlanState.DRAFT), name="one_draft_plan_per_round"
            ),
            models.CheckConstraint(
                condition=Q(per_proposal__gte=1, per_proposal__lte=20), name="plan_one_to_twenty_reviews"
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.SENT, sent_at__isnull=False, sent_by__isnull=False)
                | (~Q(state=PlanState.SENT) & Q(sent_at=None, sent_by=None)),
                name="plan_sent_at_follows_state",
            ),
        ]

    def __str__(self):
        return self.reference


class PlannedReview(models.Model):
    """One reviewer for one proposal in a plan."""

    plan = models.ForeignKey(AssignmentPlan, models.CASCADE, related_name="reviews")
    proposal = models.ForeignKey("grants.Proposal", models.CASCADE, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    source = models.CharField(max_length=8, choices=PlanSource)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "proposal", "reviewer"], name="planned_review_once"),
            models.CheckConstraint(condition=Q(source__in=PlanSource.values), name="planned_review_source_is_known"),
        ]

    def __str__(self):
        return f"{self.reviewer} for {self.proposal}"
