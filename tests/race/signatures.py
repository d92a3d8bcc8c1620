"""Scenario: three signatories sign, each five times over, while a colleague saves a section of the proposal."""

from datetime import timedelta

from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.proposal import signable
from grants.domain.section import save_section
from grants.domain.signoff import ContentChanged, request_sign_off, sign
from grants.models import Proposal, SignOff
from portal.access import Refused
from portal.accounts.models import User
from portal.activity.models import Entry
from tests.conftest import NOON
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory
from tests.factories.sites import a_site

LATER = NOON + timedelta(hours=1)


def prepare():
    actor = UserFactory()
    proposal = ProposalFactory(site=a_site(actor))
    asked = [request_sign_off(proposal, each, actor=actor, at=NOON) for each in proposal.site.partners.all()]
    return {
        "proposal": proposal.pk,
        "actor": actor.pk,
        "asked": [each.pk for each in asked],
        "read": signable(dossier_of(_proposal(proposal.pk))),
    }


def act(facts, number):
    """One saves; each of the others signs what was read before, for one of the three partners."""
    if number == 0:
        actor = User.objects.get(pk=facts["actor"])
        save_section(
            _proposal(facts["proposal"]), "sustainability", actor=actor, at=LATER, version=0,
            answers={"after-the-grant": "Something new"},
        )  # fmt: skip
        return "saved"
    sign_off = SignOff.objects.select_related("proposal__round").get(pk=facts["asked"][number % 3])
    try:
        sign(sign_off, name="Tomás Rivera", title="President", content_sha256=facts["read"], at=LATER)
    except (ContentChanged, Refused):
        return "refused"
    return "signed"


def outcome(facts):
    """However it went: nobody's signature stands under words they did not read."""
    proposal = _proposal(facts["proposal"])
    now = signable(dossier_of(proposal))
    given = SignOff.objects.exclude(answered_at=None)
    return {
        "changed": now != facts["read"],
        "wrongly_signed": SignOff.objects.filter(state="signed").exclude(content_sha256=now).count(),
        "voided_without_a_reason": given.filter(state="void", ended_because="").count(),
        "given": given.count(),
        "logged": Entry.objects.filter(verb="sign").count(),
        "rows": SignOff.objects.count(),
    }


def _proposal(pk):
    return Proposal.objects.select_related("round", "site").get(pk=pk)
