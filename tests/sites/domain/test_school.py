"""The list of schools."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from portal.access import Refused
from portal.activity.domain import timeline
from sites.domain.school import add_schools, remove_schools
from sites.enums import PartnerKind
from sites.models import Partner
from tests.conftest import NOON
from tests.factories.sites import SchoolFactory, SiteFactory, a_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaid(site):
    Partner.objects.filter(site=site, kind=PartnerKind.DISTRICT).update(leaid="2512345")
    site.schools.all().delete()
    return "2512345"


@pytest.mark.parametrize(
    ("line", "name", "ncessch"),
    [
        ("Harbor Elementary", "Harbor Elementary", ""),
        ("Harbor Elementary, 251234500012", "Harbor Elementary", "251234500012"),
        ("Harbor Elementary\t2512345-00012", "Harbor Elementary", "251234500012"),
        ("Harbor Elementary; 251234500012", "Harbor Elementary", "251234500012"),
        ("Harbor Elementary 251234500012", "Harbor Elementary", "251234500012"),
        ("251234500012, Harbor Elementary", "Harbor Elementary", "251234500012"),
        ("P.S. 12, North Annex", "P.S. 12, North Annex", ""),
        ("School  No. 7", "School No. 7", ""),
    ],
)
def test_add_schools_understands_a_line(site, leaid, lea_site_lead, line, name, ncessch):
    schools = add_schools(site, line, actor=lea_site_lead, at=NOON)

    assert [(school.name, school.ncessch) for school in schools] == [(name, ncessch)]


def test_add_schools_of_several_lines_skips_empty_ones(site, leaid, lea_site_lead):
    add_schools(site, "North School\n\n  \r\nSouth School\n", actor=lea_site_lead, at=NOON)

    assert [school.name for school in site.schools.all()] == ["North School", "South School"]
    assert timeline(site)[0].summary == "Listed 2 schools."


def test_add_schools_with_bad_lines_names_each_and_adds_none(site, leaid, lea_site_lead):
    SchoolFactory(site=site, name="North School", ncessch="251234500001")
    text = "\n".join(
        ["East School, 123", "north school", "West School, 390000100001", "New School, 251234500001", "Fine School",
         "Fine School", ", 251234500002", "x" * 161]
    )  # fmt: skip

    with pytest.raises(ValidationError) as caught:
        add_schools(site, text, actor=lea_site_lead, at=NOON)

    lines = [message.partition(":")[0] for message in caught.value.message_dict["schools"]]
    assert lines == ["Line 1", "Line 2", "Line 3", "Line 4", "Line 6", "Line 7", "Line 8"]
    assert site.schools.count() == 1


def test_add_schools_without_any_is_refused(site, lea_site_lead):
    with pytest.raises(ValidationError, match="at least one"):
        add_schools(site, " \n ", actor=lea_site_lead, at=NOON)


def test_add_schools_beyond_the_most_is_refused(site, leaid, lea_site_lead):
    with pytest.raises(ValidationError, match="at most 200"):
        add_schools(site, "\n".join(f"School {n}" for n in range(201)), actor=lea_site_lead, at=NOON)


def test_add_schools_by_a_contributor_is_refused(site, ben_colleague):
    with pytest.raises(Refused):
        add_schools(site, "Mine", actor=ben_colleague, at=NOON)


def test_remove_schools_leaves_those_of_other_sites(site, lea_site_lead):
    other = a_site(schools=1)

    assert remove_schools(site, [*site.schools.all()[:2], *other.schools.all()], actor=lea_site_lead, at=NOON) == 2
    assert (site.schools.count(), other.schools.count()) == (1, 1)


def test_remove_schools_without_any_is_refused(site, lea_site_lead):
    with pytest.raises(ValidationError, match="Choose"):
        remove_schools(site, [], actor=lea_site_lead, at=NOON)


def test_remove_schools_by_a_contributor_is_refused(site, ben_colleague):
    with pytest.raises(Refused):
        remove_schools(site, site.schools.all(), actor=ben_colleague, at=NOON)


def test_school_named_twice_is_refused_by_the_database():
    school = SchoolFactory()

    with pytest.raises(IntegrityError):
        SchoolFactory(site=school.site, name=school.name)


def test_school_id_used_twice_on_a_site_is_refused_by_the_database():
    site = SiteFactory()
    SchoolFactory(site=site, ncessch="251234500001")

    with pytest.raises(IntegrityError):
        SchoolFactory(site=site, ncessch="251234500001")


def test_school_id_that_is_incomplete_is_refused_by_the_database():
    with pytest.raises(IntegrityError, match="school_id_is_complete"):
        SchoolFactory(ncessch="2512345")
