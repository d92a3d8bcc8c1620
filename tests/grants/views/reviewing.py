"""Addresses and posted forms of reviews, for the tests of their pages."""

from django.urls import reverse

from grants.domain.queries.review import rubric
from tests.factories.reviews import REASON

LIST = reverse("grants:review-list")


def url_of(review, name="review-detail"):
    return reverse(f"grants:{name}", args=[review.reference])


def step_of(review, step):
    return reverse("grants:review-step", args=[review.reference, step])


def form_of(review, points=4, reason=REASON, **more):
    """What the desk's form posts: the same points and reason for every criterion."""
    data = {"version": review.version, "editor": "page", "feedback": "", "private_notes": ""}
    for row in rubric(review):
        data |= {f"points-{row.criterion.pk}": points, f"reason-{row.criterion.pk}": reason}
    return data | more
