"""Scenario: two directors sign an agreement for the foundation, eight times each, while an officer replaces it once."""

from grants.domain.agreement import countersign, replace_agreement
from grants.enums import AgreementState
from grants.models import Agreement, Award, Payment
from portal.access import Refused
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.activity.models import Entry
from portal.money import dollars, total
from tests.factories.accounts import UserFactory
from tests.factories.agreements import WRITTEN_AT, an_agreement


def prepare():
    agreement = an_agreement(state=AgreementState.SIGNED)
    return {
        "agreement": agreement.pk,
        "read": agreement.sha256,
        "officer": agreement.made_by_id,
        "directors": [UserFactory(roles=[Role.DIRECTOR]).pk for _ in range(2)],
    }


def act(facts, number):
    agreement = Agreement.objects.select_related("award").get(pk=facts["agreement"])
    try:
        if number == 0:
            officer = User.objects.get(pk=facts["officer"])
            replace_agreement(agreement, because="The dates are wrong.", actor=officer, at=WRITTEN_AT)
            return "replaced"
        director = User.objects.get(pk=facts["directors"][number % 2])
        countersign(agreement, title="Director", content_sha256=facts["read"], actor=director, at=WRITTEN_AT)
    except Refused:
        return "refused"
    return "signed"


def outcome(facts):
    """Signed at most once, and the award runs exactly when it was."""
    return {
        "award": Award.objects.get().state,
        "countersigned": Entry.objects.filter(verb="countersign").count(),
        "activated": Entry.objects.filter(verb="activate").count(),
        "payments": Payment.objects.count(),
        "scheduled": dollars(Payment.objects.aggregate(sum=total("amount"))["sum"]),
        "live": list(Agreement.objects.exclude(state=AgreementState.REPLACED).values_list("number", "state")),
    }
