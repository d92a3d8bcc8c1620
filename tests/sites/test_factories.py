"""The coalition other tests build on is complete and well-formed."""

import pytest

from sites.identifiers import check_ein, check_leaid, check_ncessch, check_uei
from sites.rules import may_lead
from tests.factories.sites import a_site


@pytest.mark.django_db
def test_a_site_by_default_is_a_complete_coalition(lea_site_lead):
    site = a_site(lead=lea_site_lead)

    assert sorted(site.partners.values_list("kind", flat=True)) == ["community", "district", "union"]
    assert site.fiscal_agent.site == site
    assert may_lead(site, lea_site_lead)
    district = site.partners.get(kind="district")
    assert check_leaid(district.leaid, site.state) == district.leaid
    for partner in site.partners.all():
        assert (check_ein(partner.ein), check_uei(partner.uei)) == (partner.ein, partner.uei)
    for school in site.schools.all():
        assert check_ncessch(school.ncessch, district.leaid) == school.ncessch


@pytest.mark.django_db
def test_a_site_made_twice_gives_two_sites():
    assert a_site().reference != a_site().reference
