"""Scenario: officers press “release” for one docket's letters, all at once, half of them through the docket's own step."""

from grants.domain.letter import release_letters
from grants.enums import Decision
from grants.models import Docket, Letter
from grants.workflow import DOCKET
from portal.access import Refused
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.mail.models import Message
from portal.record import Stale
from tests.factories.accounts import UserFactory
from tests.factories.dockets import DECIDED_AT
from tests.factories.letters import an_approved_docket
from tests.race.conftest import PROCESSES


def prepare():
    officers = [UserFactory(roles=[Role.OFFICER]) for _ in range(PROCESSES)]
    docket = an_approved_docket(officers[0], decisions=(Decision.AWARD, Decision.DECLINE))
    references = list(docket.lines.values_list("proposal__reference", flat=True))
    version = Docket.objects.get().version
    return {
        "docket": docket.pk,
        "references": references,
        "officers": [each.pk for each in officers],
        "version": version,
    }


def act(facts, number):
    docket = Docket.objects.get(pk=facts["docket"])
    officer = User.objects.get(pk=facts["officers"][number])
    try:
        if number % 2:
            DOCKET.perform(docket, "announce", actor=officer, at=DECIDED_AT)
        else:
            references = set(facts["references"])
            release_letters(docket, references, actor=officer, at=DECIDED_AT, version=facts["version"])
    except (Refused, Stale):
        return "refused"
    return "released"


def outcome(facts):
    docket = Docket.objects.get(pk=facts["docket"])
    return {
        "state": docket.state,
        "mails": Message.objects.filter(template="letter").count(),
        "released": Letter.objects.filter(released_at__isnull=False).count(),
        "releasers": Letter.objects.values("released_by").distinct().count(),
    }
