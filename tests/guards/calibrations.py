"""What the access matrix needs of calibrations and of blind reviews."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile

from grants.enums import ProposalState, ReviewKind, ReviewState
from grants.models import Attachment, Calibration, ReadingCopy, Review, Submission
from portal.accounts.enums import Role
from portal.activity.domain import allocate
from portal.documents.domain import lending, store_upload
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory
from tests.factories.rounds import RoundFactory
from tests.portal.documents.files import PDF, office


def add_calibrations(made, reviewer, *, at) -> None:
    """An open calibration somebody has scored, one nobody has, a closed one; a reading copy; a file read without names."""
    officer = UserFactory(roles=[Role.OFFICER])
    made.fresh = _calibration(made, officer, at)
    made.scored = _calibration(made, officer, at)
    made.closed = _calibration(made, officer, at, closed_by=officer, closed_at=at)
    _scored(made.scored, reviewer, officer, at)
    _scored(made.closed, reviewer, officer, at)
    # Somebody of the round who was not asked yet.
    Review.objects.create(
        reference=allocate("V", 2026), assigned_by=officer, reviewer=UserFactory(roles=[Role.REVIEWER]),
        proposal=ProposalFactory(
            round=made.scored.round, site=made.site, state=ProposalState.IN_REVIEW, submission=False
        ),
    )  # fmt: skip
    with lending("copy.pdf", BytesIO(PDF), "application/pdf", at=at, until=at + timedelta(days=7), actor=None) as lent:
        made.reading = ReadingCopy.objects.create(review=made.review, document=lent, made_at=at)
    _blind(made, reviewer, officer, at)


def _calibration(made, officer, at, **closed) -> Calibration:
    round_ = RoundFactory(core=False, criteria=1)
    return Calibration.objects.create(
        round=round_, proposal=made.proposal, opened_by=officer, opened_at=at - timedelta(days=9), **closed
    )


def _scored(calibration, reviewer, officer, at) -> Review:
    return Review.objects.create(
        reference=allocate("V", 2026), proposal=calibration.proposal, reviewer=reviewer, assigned_by=officer,
        kind=ReviewKind.CALIBRATION, calibration=calibration, state=ReviewState.SUBMITTED, no_conflict_at=at,
        submitted_at=at, weighted_mean=Decimal("4.000"),
    )  # fmt: skip


def _blind(made, reviewer, officer, at) -> None:
    round_ = RoundFactory(core=False, criteria=1, blind=True)
    proposal = ProposalFactory(round=round_, site=made.site, started_by=made.lead, state=ProposalState.IN_REVIEW)
    made.blind = Review.objects.create(
        reference=allocate("V", 2026), proposal=proposal, reviewer=reviewer, assigned_by=officer,
        state=ReviewState.IN_PROGRESS, no_conflict_at=at,
    )  # fmt: skip
    upload = SimpleUploadedFile("plan.docx", office())
    document = store_upload(upload, actor=made.lead, at=at, quota_group=f"proposal:{proposal.reference}")
    made.nameless = Attachment.objects.create(proposal=proposal, title="Our plan", document=document)
    submission = Submission.objects.get(proposal=proposal)
    file = {"document": str(document.pk), "title": "Our plan", "slot": "", "hidden": False, "name": "plan.docx"}
    Submission.objects.filter(pk=submission.pk).update(content=submission.content | {"attachments": [file]})
