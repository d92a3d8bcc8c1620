"""Scenario: all three signatories press the button at the same instant, each several times; nobody saves anything."""

from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.proposal import signable, stands
from grants.domain.signoff import sign
from grants.models import SignOff
from portal.access import Refused
from portal.activity.models import Entry
from tests.race import signatures
from tests.race.signatures import LATER, prepare

__all__ = ["act", "outcome", "prepare"]


def act(facts, number):
    sign_off = SignOff.objects.select_related("proposal__round").get(pk=facts["asked"][number % 3])
    try:
        sign(sign_off, name="Tomás Rivera", title="President", content_sha256=facts["read"], at=LATER)
    except Refused:
        return "refused"
    return "signed"


def outcome(facts):
    proposal = signatures._proposal(facts["proposal"])
    dossier = dossier_of(proposal)
    return {
        "stand": sum(stands(each, dossier) for each in dossier.sign_offs),
        "logged": Entry.objects.filter(verb="sign").count(),
        "same": signable(dossier) == facts["read"],
    }
