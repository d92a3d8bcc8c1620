"""A piece of work for the workers, and how far it has come."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from portal import clock
from portal.access import VisibleQuerySet
from portal.jobs.enums import LIVE, JobState
from portal.jobs.rules import sees_all_jobs


class JobQuerySet(VisibleQuerySet):
    """Jobs; states change by conditional UPDATE only, so two workers cannot both win."""

    def visible_to(self, user):
        return self.all() if sees_all_jobs(user) else self.filter(created_by=user)

    def live(self):
        """Queued or running."""
        return self.filter(state__in=LIVE)

    def free(self, at):
        """What a worker may take: queued, or running under a lease that ran out before `at`."""
        return self.filter(Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=at))

    def held(self, job, token):
        """The job while this worker's lease on it stands: empty when it was cancelled or taken over."""
        return self.filter(pk=job.pk, state=JobState.RUNNING, lease_token=token)


class Job(models.Model):
    """Written in the transaction of what caused it; Celery only rings for it, and a sweep rings again."""

    # More attempts than this mean the work itself kills its workers.
    MAX_ATTEMPTS = 5

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=True)
    created_at = models.DateTimeField(default=clock.now)
    rung_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    failure = models.TextField(blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state__in=["queued", "running"]), name="job_live"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(state__in=["queued", "running"]), name="job_live_once"
            ),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="running", lease_token__isnull=False, lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_token__isnull=True, lease_until__isnull=True)),
                name="job_lease_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"], finished_at__isnull=True)
                | Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False),
                name="job_finished_at_when_over",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["running", "done"]) | Q(started_at__isnull=False),
                name="job_started_at_when_begun",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") & ~Q(failure="") | ~Q(state="failed") & Q(failure=""),
                name="job_failure_says_why",
            ),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="job_done_within_total"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("jobs:job-detail", args=[self.pk])

    @property
    def is_live(self) -> bool:
        """Whether it is still waiting or running."""
        return self.state in LIVE

    @property
    def result_url(self) -> str:
        """Where its result is: a path of this portal, given by the handler; empty when there is none to open."""
        url = str(self.outcome.get("url", ""))
        return url if url.startswith("/") and not url.startswith("//") else ""

    @property
    def result_label(self) -> str:
        """The words of the link to the result."""
        return str(self.outcome.get("label", "Open the result"))
