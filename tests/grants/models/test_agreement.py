"""What the database refuses of agreements by itself, and who sees which."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from grants.enums import AgreementState, SignOffState
from grants.models import Agreement, AgreementSignature
from tests.factories.agreements import WRITTEN_AT, an_agreement, signatures_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("agreement_state_is_known", {"state": "lost"}),
        ("agreement_sent_is_frozen", {"sha256": ""}),
        ("agreement_sent_is_frozen", {"sent_at": None}),
        ("agreement_sent_is_frozen", {"content": None}),
        ("agreement_sent_is_frozen", {"state": AgreementState.DRAFT}),
        ("agreement_countersigned_follows_state", {"state": AgreementState.IN_FORCE}),
        ("agreement_countersigned_follows_state", {"countersigned_at": WRITTEN_AT}),
        ("agreement_replaced_at_follows_state", {"state": AgreementState.REPLACED}),
        ("agreement_replaced_at_follows_state", {"replaced_at": WRITTEN_AT}),
    ],
)
def test_agreement_constraint_refuses(constraint, fields):
    agreement = an_agreement()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(**fields)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("agreement_signature_state_is_known", {"state": "lost"}),
        ("agreement_signature_expires_after_it_is_asked", {"expires_at": WRITTEN_AT - timedelta(days=1)}),
        ("agreement_signature_says_by_whom_and_what", {"state": SignOffState.SIGNED}),
        ("agreement_signature_declined_says_why", {"state": SignOffState.DECLINED}),
    ],
)
def test_signature_constraint_refuses(constraint, fields):
    [asked, *_] = signatures_of(an_agreement())

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AgreementSignature.objects.filter(pk=asked.pk).update(**fields)


def test_award_has_one_live_agreement_and_partner_one_live_signature():
    agreement = an_agreement()
    [asked, *_] = signatures_of(agreement)

    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(reference="G-2027-9999", award=agreement.award, number=2, made_by=agreement.made_by)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgreementSignature.objects.create(
            agreement=agreement, partner=asked.partner, email="a@b.example", token_digest="x",
            requested_at=WRITTEN_AT, expires_at=WRITTEN_AT + timedelta(days=1),
        )  # fmt: skip


def test_team_sees_an_agreement_once_it_was_sent_and_strangers_never(
    lea_site_lead, sam_stranger, rita_reviewer, otto_auditor
):
    draft = an_agreement(state=AgreementState.DRAFT, lead=lea_site_lead)
    people = (lea_site_lead, sam_stranger, rita_reviewer, otto_auditor)

    def seen():
        return [Agreement.objects.visible_to(person).filter(award=draft.award).count() for person in people]

    before = seen()
    Agreement.objects.filter(pk=draft.pk).update(
        state=AgreementState.OUT, sent_at=WRITTEN_AT, sent_by=draft.made_by, content={}, sha256="ab" * 32
    )

    assert (before, seen()) == ([0, 0, 0, 1], [1, 0, 0, 1])
