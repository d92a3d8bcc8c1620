"""Which attachments a person may download."""

from django.db.models import QuerySet

from grants import rules
from grants.models import Attachment, Proposal, Review


def readable_attachments(user, reference: str) -> QuerySet[Attachment]:
    """The files of a proposal, also removed ones that a submission names.

    For its team and for staff; for a reviewer once the conflict question is answered, unless it is read without names,
    because files name people, and never what the round hides from reviewers. Nothing for anybody else.
    """
    files = Attachment.objects.filter(proposal__reference=reference)
    if Proposal.objects.visible_to(user).filter(reference=reference).exists():
        return files
    rows = Review.objects.visible_to(user).filter(proposal__reference=reference)
    rows = rows.select_related("proposal__round", "calibration__round")
    if not any(rules.may_read_for_review(review, user) and not review.is_blind for review in rows):
        return files.none()
    return files.exclude(slot__hidden_from_reviewers=True)
