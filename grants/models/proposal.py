"""A proposal: what a site asks for in a round."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from grants.enums import UNANNOUNCED, ProposalState
from portal import programme
from portal.access import VisibleQuerySet
from portal.money import ZERO, MoneyField
from portal.record import Record

_NEVER_SUBMITTED = Q(state__in=[ProposalState.DRAFT])
_MAYBE_SUBMITTED = Q(state=ProposalState.WITHDRAWN)


class ProposalQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Staff see every proposal, a team its site's. Reviewers read through their review, never from here."""
        if user.is_foundation_staff:
            return self
        return self.filter(site__in=user.seats.current().values("site"))


class Proposal(Record):
    """A site's answer to a round: one a site and round. The text lives in answers, the money in budget lines."""

    round = models.ForeignKey("grants.FundingRound", models.PROTECT, related_name="proposals")
    site = models.ForeignKey("grant_sites.Site", models.PROTECT, related_name="proposals")
    title = models.CharField("title of the proposal", max_length=160)
    state = models.CharField(max_length=16, choices=ProposalState, default=ProposalState.DRAFT, editable=False)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    amount_requested = MoneyField(default=ZERO, editable=False)
    # The round's ceiling over all years, frozen when the proposal is started.
    total_ceiling = MoneyField(default=programme.TOTAL_CEILING, editable=False)
    # The round's question version it answers; drafts move on with the round, what was submitted stays.
    questions_version = models.PositiveSmallIntegerField(default=1, editable=False)
    # Its own closing instant where staff gave it more time than the round.
    extended_until = models.DateTimeField(null=True, editable=False)
    # How many of its sections lacked nothing when it was last saved: for lists and boards of many proposals.
    sections_done = models.PositiveSmallIntegerField(default=0, editable=False)
    sections_total = models.PositiveSmallIntegerField(default=0, editable=False)
    sections_counted_at = models.DateTimeField(null=True, editable=False)
    submitted_at = models.DateTimeField("last submitted", null=True, editable=False)
    screened_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    # Edits that were never submitted, set aside when the last submission went to review; see `domain.submission`.
    set_aside = models.JSONField(null=True, editable=False)
    key_issues = models.ManyToManyField("grant_sites.KeyIssue", blank=True, related_name="proposals")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["round", "state", "-id"], name="proposal_by_round_and_state"),
            models.Index(fields=["site", "-id"], name="proposal_by_site"),
            models.Index(fields=["amount_requested", "id"], name="proposal_by_amount"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state_is_known"),
            models.UniqueConstraint(fields=["round", "site"], name="one_proposal_per_round_and_site"),
            models.CheckConstraint(
                condition=Q(total_ceiling__gt=ZERO, total_ceiling__lte=programme.TOTAL_CEILING),
                name="proposal_ceiling_within_programme",
            ),
            models.CheckConstraint(
                condition=Q(amount_requested__gte=ZERO, amount_requested__lte=F("total_ceiling")),
                name="proposal_amount_within_ceiling",
            ),
            models.CheckConstraint(
                condition=Q(questions_version__gte=1), name="proposal_questions_version_starts_at_1"
            ),
            models.CheckConstraint(
                condition=Q(sections_done__lte=F("sections_total")), name="proposal_sections_done_of_total"
            ),
            models.CheckConstraint(
                condition=Q(_NEVER_SUBMITTED, submitted_at=None)
                | _MAYBE_SUBMITTED
                | (~_NEVER_SUBMITTED & ~_MAYBE_SUBMITTED & Q(submitted_at__isnull=False)),
                name="proposal_submitted_at_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(state=ProposalState.WITHDRAWN) & Q(withdrawn_at=None)),
                name="proposal_withdrawn_at_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[ProposalState.AWARDED, ProposalState.WAITLISTED, ProposalState.DECLINED],
                    decided_at__isnull=False,
                )
                | (
                    ~Q(state__in=[ProposalState.AWARDED, ProposalState.WAITLISTED, ProposalState.DECLINED])
                    & Q(decided_at=None)
                ),
                name="proposal_decided_at_follows_state",
            ),
        ]

    def __str__(self):
        return self.title or self.reference

    def told_state(self, user, field="state"):
        """A recommendation is a secret of the foundation: to everybody else the proposal is still in review."""
        if self.state in UNANNOUNCED and not user.is_foundation_staff:
            return ProposalState.IN_REVIEW.label
        return super().told_state(user, field)
