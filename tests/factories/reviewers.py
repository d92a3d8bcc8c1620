"""Makes people of the pool with what they know and take on, and plans of who reviews what."""

from grants.domain.assignment import save_plan
from grants.domain.queries.assignment import draft_of
from grants.models import ReviewerProfile
from portal.accounts.enums import Role
from sites.models import Component, KeyIssue
from tests.factories.accounts import UserFactory
from tests.factories.reviews import REVIEWED_AT


def a_reviewer(name="", *, components=(), key_issues=(), **profile):
    """A reviewer with a profile; `components` and `key_issues` are codes."""
    person = UserFactory(roles=[Role.REVIEWER], **({"name": name} if name else {}))
    made = ReviewerProfile.objects.create(user=person, **profile)
    made.components.set(Component.objects.filter(code__in=components))
    made.key_issues.set(KeyIssue.objects.filter(code__in=key_issues))
    return person


def a_plan(round_, officer, *pairs, per_proposal=2, due_on=None, at=REVIEWED_AT):
    """The round's draft with these (proposal, reviewer) pairs, saved through the domain on top of what there is."""
    known = draft_of(round_)
    return save_plan(
        round_, actor=officer, at=at, version=known.version if known else 0, per_proposal=per_proposal, due_on=due_on,
        pairs={(proposal.pk, person.pk) for proposal, person in pairs},
    )  # fmt: skip
