"""Scenario: three partners sign an agreement, each several times over, while an officer replaces it."""

from grants.domain.agreement import replace_agreement
from grants.domain.agreement_signature import sign
from grants.enums import SignOffState
from grants.models import Agreement, AgreementSignature
from portal.access import Refused
from portal.accounts.models import User
from portal.activity.models import Entry
from tests.factories.agreements import WRITTEN_AT, an_agreement, signatures_of


def prepare():
    agreement = an_agreement()
    asked = [each.pk for each in signatures_of(agreement)]
    return {"agreement": agreement.pk, "asked": asked, "read": agreement.sha256, "officer": agreement.made_by_id}


def act(facts, number):
    try:
        if number == 0:
            agreement = Agreement.objects.select_related("award").get(pk=facts["agreement"])
            officer = User.objects.get(pk=facts["officer"])
            replace_agreement(agreement, because="The dates are wrong.", actor=officer, at=WRITTEN_AT)
            return "replaced"
        rows = AgreementSignature.objects.select_related("agreement__award__round")
        asked = rows.get(pk=facts["asked"][number % 3])
        sign(asked, name="Tomás Rivera", title="President", content_sha256=facts["read"], at=WRITTEN_AT)
    except Refused:
        return "refused"
    return "signed"


def outcome(facts):
    """However it went: no signature stands under an agreement that was taken back, and each given one is on the record."""
    rows = AgreementSignature.objects.filter(agreement=facts["agreement"])
    return {
        "standing": rows.filter(state__in=[SignOffState.SIGNED, SignOffState.REQUESTED]).count(),
        "given": rows.filter(state=SignOffState.VOID).count(),
        "logged": Entry.objects.filter(verb="sign").count(),
        "numbers": list(Agreement.objects.order_by("number").values_list("number", "state")),
    }
