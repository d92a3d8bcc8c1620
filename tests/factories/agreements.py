"""Makes agreements by the steps that make them in life: written, sent out, signed by every partner, countersigned."""

from __future__ import annotations

from datetime import timedelta

from grants.domain.agreement import countersign, write_agreement
from grants.domain.agreement_signature import sign
from grants.enums import AgreementState, AwardState
from grants.models import Agreement, AgreementSignature
from grants.workflow import AGREEMENT
from portal.accounts.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.awards import APPROVED_AT, an_award

WRITTEN_AT = APPROVED_AT + timedelta(days=10)
TERMS = "What the grant is for\nThe work of the proposal, and nothing else.\n\nThe rest is as usual."
CONDITIONS = "Hire a coordinator before the first payment."


def an_agreement(
    award=None, *, state=AgreementState.OUT, officer=None, director=None, at=WRITTEN_AT, lead=None
) -> Agreement:
    """An agreement of an offered award, brought from draft to any state but replaced."""
    officer = officer or UserFactory(roles=[Role.OFFICER])
    award = award or an_award(state=AwardState.OFFERED, lead=lead)
    agreement = write_agreement(award, terms=TERMS, conditions=CONDITIONS, actor=officer, at=at)
    if state == AgreementState.DRAFT:
        return agreement
    agreement = AGREEMENT.perform(agreement, "send", actor=officer, at=at)
    if state == AgreementState.OUT:
        return agreement
    for signature in signatures_of(agreement):
        sign_it(signature, at=at)
    agreement = Agreement.objects.select_related("award").get(pk=agreement.pk)
    if state == AgreementState.SIGNED:
        return agreement
    director = director or UserFactory(roles=[Role.DIRECTOR])
    return countersign(agreement, title="Director", content_sha256=agreement.sha256, actor=director, at=at)


def signatures_of(agreement) -> list[AgreementSignature]:
    """The requests under an agreement, in the order of the parties."""
    rows = AgreementSignature.objects.filter(agreement=agreement).order_by("pk")
    return list(rows.select_related("partner", "agreement__award__round", "agreement__award__site"))


def sign_it(signature, *, at=WRITTEN_AT, name="", title="President") -> None:
    """The signatory signs what was sent."""
    sha256 = signature.agreement.sha256
    sign(signature, name=name or signature.asked_name, title=title, content_sha256=sha256, at=at)
