"""Founding and changing a coalition, and its fiscal agent."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from portal.access import Refused
from portal.activity.domain import timeline
from portal.record import Stale
from sites.domain.queries.gaps import gaps
from sites.domain.site import change_site, create_site, set_fiscal_agent
from sites.enums import PartnerKind, SeatRole
from sites.models import Site
from sites.rules import may_lead
from tests.conftest import NOON
from tests.factories.sites import PartnerFactory, SiteFactory, a_site

pytestmark = pytest.mark.django_db
FACTS = {"name": "Three Rivers Promise", "place": "Three Rivers", "state": "OH"}


def test_create_site_makes_its_founder_the_lead(ana_applicant):
    assert not ana_applicant.has_seats

    site = create_site(**FACTS, actor=ana_applicant, at=NOON)

    assert site.reference == "S-2026-0001"
    assert [(seat.holder, seat.role) for seat in site.seats.current()] == [(ana_applicant, SeatRole.LEAD)]
    assert may_lead(site, ana_applicant)
    assert [entry.summary for entry in timeline(site)] == ["Founded the coalition Three Rivers Promise."]


def test_create_site_without_facts_says_what_is_missing_by_field(ana_applicant):
    with pytest.raises(ValidationError) as caught:
        create_site(name=" ", place="", state="ZZ", actor=ana_applicant, at=NOON)

    assert sorted(caught.value.message_dict) == ["name", "place", "state"]
    assert not Site.objects.exists()


def test_create_site_by_foundation_staff_is_refused(omar_officer):
    with pytest.raises(Refused, match="work for the foundation"):
        create_site(**FACTS, actor=omar_officer, at=NOON)


def test_create_site_by_a_reviewer_is_allowed(rita_reviewer):
    assert create_site(**FACTS, actor=rita_reviewer, at=NOON)


def test_change_site_counts_the_version_up_and_logs_both_texts(site, lea_site_lead):
    changed = change_site(site, version=1, actor=lea_site_lead, at=NOON, name="New name", story="We meet monthly.")

    assert (changed.name, changed.story, changed.version) == ("New name", "We meet monthly.", 2)
    assert timeline(site)[0].facts["before"]["story"] == ""
    assert timeline(site)[0].facts["after"]["name"] == "New name"


def test_change_site_to_the_same_facts_changes_nothing(site, lea_site_lead):
    assert change_site(site, version=1, actor=lea_site_lead, at=NOON, name=site.name).version == 1
    assert timeline(site) == []


def test_change_site_made_from_an_old_version_is_refused(site, lea_site_lead):
    change_site(site, version=1, actor=lea_site_lead, at=NOON, name="First")

    with pytest.raises(Stale):
        change_site(site, version=1, actor=lea_site_lead, at=NOON, name="Second")

    assert Site.objects.get(pk=site.pk).name == "First"


def test_change_site_by_a_contributor_is_refused(site, ben_colleague):
    with pytest.raises(Refused, match="Only the site lead"):
        change_site(site, version=1, actor=ben_colleague, at=NOON, name="Mine")


def test_change_site_to_a_state_its_district_is_not_in_is_refused(site, lea_site_lead):
    with pytest.raises(ValidationError) as caught:
        change_site(site, version=1, actor=lea_site_lead, at=NOON, state="OH")

    assert "does not belong to this state" in caught.value.message_dict["state"][0]


def test_set_fiscal_agent_to_a_partner_that_can_be_paid_is_recorded(site, lea_site_lead):
    union = site.partners.get(kind=PartnerKind.UNION)

    assert set_fiscal_agent(site, union, actor=lea_site_lead, at=NOON).fiscal_agent == union
    assert timeline(site)[0].facts == {"name": union.name, "ein": union.ein}


@pytest.mark.parametrize("missing", ["ein", "tax_status"])
def test_set_fiscal_agent_to_a_partner_that_cannot_be_paid_is_refused(site, lea_site_lead, missing):
    partner = PartnerFactory(site=site, **{missing: ""})

    with pytest.raises(Refused, match="Add the EIN and the tax status"):
        set_fiscal_agent(site, partner, actor=lea_site_lead, at=NOON)


def test_set_fiscal_agent_to_a_partner_of_another_site_is_not_found(site, lea_site_lead):
    with pytest.raises(site.fiscal_agent.DoesNotExist):
        set_fiscal_agent(site, a_site().fiscal_agent, actor=lea_site_lead, at=NOON)


def test_set_fiscal_agent_by_a_contributor_is_refused(site, ben_colleague):
    with pytest.raises(Refused):
        set_fiscal_agent(site, site.fiscal_agent, actor=ben_colleague, at=NOON)


def test_gaps_of_a_complete_coalition_are_none(site):
    assert gaps(site) == []


def test_gaps_of_a_new_coalition_are_named():
    assert [gap.text for gap in gaps(SiteFactory())] == [
        "Add the school district.",
        "Add the local education union.",
        "Add at least one community partner.",
        "Choose the fiscal agent: the partner that is paid.",
        "List the schools you will work in.",
    ]


def test_gaps_name_a_district_without_id_and_a_partner_without_signatory(site):
    site.partners.filter(kind=PartnerKind.DISTRICT).update(leaid="")
    site.partners.filter(kind=PartnerKind.UNION).update(signatory_email="", name="The union")

    assert [gap.text for gap in gaps(site)] == ["Add the NCES id of the district.", "Say who signs for The union."]


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ({"ein": ""}, "Add the EIN of The fund, the fiscal agent."),
        ({"tax_status": ""}, "Add the tax status of The fund, the fiscal agent."),
        ({"ein": "", "tax_status": ""}, "Add the EIN and the tax status of The fund, the fiscal agent."),
    ],
)
def test_gaps_name_what_the_fiscal_agent_cannot_be_paid_without(site, missing, says):
    site.partners.filter(pk=site.fiscal_agent_id).update(name="The fund", **missing)

    assert [gap.text for gap in gaps(site)] == [says]
    assert str(site.fiscal_agent.public_id) in gaps(site)[0].url


def test_sites_are_visible_to_their_team_and_to_staff_only(
    site, lea_site_lead, ben_colleague, sam_stranger, omar_officer, otto_auditor, rita_reviewer, ada_admin
):
    sees = [
        person
        for person in (lea_site_lead, ben_colleague, omar_officer, otto_auditor)
        if Site.objects.visible_to(person)
    ]

    assert sees == [lea_site_lead, ben_colleague, omar_officer, otto_auditor]
    for person in (sam_stranger, rita_reviewer, ada_admin):
        assert not Site.objects.visible_to(person).exists()


def test_site_in_no_state_is_refused_by_the_database():
    with pytest.raises(IntegrityError, match="site_state_is_known"):
        SiteFactory(state="ZZ")
