"""A closed call with many proposals and a pool of reviewers, and what happens beside the browser. Runs inside the portal."""

import json
from collections import Counter
from datetime import timedelta
from decimal import Decimal

from grants.enums import ReviewState
from grants.models import Review
from grants.workflow import REVIEW
from portal import clock
from portal.accounts.enums import Role
from portal.accounts.models import User
from sites.models import Partner
from tests.browser.people import PASSWORD
from tests.factories.accounts import UserFactory
from tests.factories.proposals import a_submitted_proposal
from tests.factories.reviewers import a_reviewer
from tests.factories.reviews import score
from tests.factories.rounds import RoundFactory
from tests.factories.sites import PartnerFactory, a_site

FOUNDATION = {
    "officer": Role.OFFICER, "director": Role.DIRECTOR, "preparer": Role.FINANCE, "releaser": Role.FINANCE,
}  # fmt: skip
# Six of these spend the factories' envelope of $7,500,000.
YEARLY = Decimal("240000.00")


def begin(proposals: int, reviewers: int) -> None:
    """Print, as JSON, the round's reference and the addresses of everybody who will use the browser."""
    # The factories of this process count on from what earlier ones have made.
    UserFactory.reset_sequence(User.objects.count(), force=True)
    PartnerFactory.reset_sequence(5000, force=True)
    now = clock.now()
    written = now - timedelta(days=20)
    round_ = RoundFactory(
        name="Thirty coalitions", opens_at=now - timedelta(days=60), closes_at=now - timedelta(days=2),
        reviews_per_proposal=2, first_year_starts_on=(now - timedelta(days=1)).date(),
    )  # fmt: skip
    leads = []
    for number in range(1, proposals + 1):
        lead = UserFactory(name=f"Lead of Walk {number:02}")
        site = a_site(lead, name=f"Walk {number:02} Together", place=f"Walk {number:02} County", schools=1)
        a_submitted_proposal(site, round_, lead, at=written, yearly=YEARLY)
        leads.append(lead)
    pool = [a_reviewer(f"Reviewer {number:02}", capacity=8) for number in range(1, reviewers + 1)]
    staff = {name: UserFactory(name=f"Walk {name.title()}", roles=[role]) for name, role in FOUNDATION.items()}
    known = {**staff, "reviewer": pool[0], **{f"lead-{number:02}": lead for number, lead in enumerate(leads, 1)}}
    # One hash for all: hashing a password is slow by design.
    leads[0].set_password(PASSWORD)
    User.objects.filter(pk__in=[each.pk for each in known.values()]).update(password=leads[0].password)
    print(json.dumps({"round": round_.reference, **{name: person.email for name, person in known.items()}}))


def review_the_rest(reference: str) -> None:
    """The reviewers answer and score whatever is still open in the round; each has a mark of their own."""
    reviews = Review.objects.filter(proposal__round__reference=reference).exclude(state=ReviewState.SUBMITTED)
    at = clock.now()
    for number, review in enumerate(reviews.select_related("proposal__round", "reviewer")):
        if review.state == ReviewState.ASSIGNED:
            review = REVIEW.perform(review, "declare_no_conflict", actor=review.reviewer, at=at)
        review = score(review, 2 + number % 4, at=at)
        REVIEW.perform(review, "submit", actor=review.reviewer, at=at)


def shares(reference: str) -> None:
    """Print, as JSON, how many reviews the round asked for, and how many each proposal and each reviewer has."""
    pairs = Review.objects.filter(proposal__round__reference=reference).values_list("proposal", "reviewer")
    proposals, reviewers = (sorted(Counter(each[place] for each in pairs).values()) for place in (0, 1))
    print(json.dumps({"asked": len(pairs), "proposals": proposals, "reviewers": reviewers}))


def signatories(site: str) -> None:
    """Print, as JSON, the address and the name of each partner's signatory."""
    partners = Partner.objects.filter(site__name=site).order_by("pk")
    print(json.dumps(list(partners.values_list("signatory_email", "signatory_name"))))
