"""Scenario: directors approve awards of 5 × $50,000 to one site, each from another round, all at once."""

from decimal import Decimal

from grants.domain.award import make_award
from grants.models import Award, AwardYear, DocketLine, SiteCommitment
from portal.access import Refused
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.money import total
from tests.factories.accounts import UserFactory
from tests.factories.awards import APPROVED_AT, a_recommendation
from tests.factories.sites import a_site
from tests.race.conftest import PROCESSES

AMOUNTS = (Decimal("50000.00"),) * 5


def prepare():
    site = a_site(name="Harbor County Collaboration")
    director = UserFactory(roles=[Role.DIRECTOR])
    return {
        "site": site.pk,
        "director": director.pk,
        "lines": [a_recommendation(site, amounts=AMOUNTS).pk for _ in range(PROCESSES)],
    }


def act(facts, number):
    line = DocketLine.objects.get(pk=facts["lines"][number])
    try:
        make_award(line, actor=User.objects.get(pk=facts["director"]), at=APPROVED_AT)
    except Refused as refusal:
        return refusal.reasons[0]
    return "awarded"


def outcome(facts):
    commitments = SiteCommitment.objects.filter(site=facts["site"])
    return {
        "awards": Award.objects.count(),
        "by_year": list(commitments.values_list("amount", flat=True)),
        "held": commitments.aggregate(sum=total("amount"))["sum"],
        "award_years": AwardYear.objects.aggregate(sum=total("amount"))["sum"],
    }
