"""A proposal and two people who write it, made inside the portal for the tests of writing."""

import json
from datetime import timedelta

from portal import clock
from portal.accounts.models import User
from tests.browser.people import PASSWORD
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site


def begin(name: str) -> None:
    """Print, as JSON, the addresses of the two people and of the proposal; `name` keeps them apart from other tests'."""
    # The factories of this process count on from what earlier ones have made.
    UserFactory.reset_sequence(User.objects.count(), force=True)
    people = [UserFactory(name=f"{first} {name}", email=f"{first}@{name}.example".lower()) for first in ("Ana", "Ben")]
    for person in people:
        person.set_password(PASSWORD)
        person.save()
    now = clock.now()
    call = RoundFactory(opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=9))
    site = a_site(people[0], contributors=people[1:], name=f"{name} Together")
    proposal = ProposalFactory(round=call, site=site, title=f"{name} closes the gaps")
    told = {"people": [each.email for each in people], "names": [each.name for each in people]}
    print(json.dumps(told | {"proposal": f"/proposals/{proposal.reference}/"}))
