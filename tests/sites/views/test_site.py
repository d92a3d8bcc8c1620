"""The list of all sites, for staff."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.sites import SiteFactory, a_site

pytestmark = pytest.mark.django_db
ADDRESS = "/sites/"


def names(client, **query):
    table = client.get(ADDRESS, query).context["table"]
    return [row.record.name for row in table.page.object_list]


@pytest.mark.parametrize("who", ["omar_officer", "dina_director", "fay_finance", "otto_auditor"])
def test_site_list_is_open_to_staff(client, request, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(ADDRESS).status_code == 200


@pytest.mark.parametrize("who", ["lea_site_lead", "rita_reviewer", "ada_admin"])
def test_site_list_is_refused_to_everybody_else(client, request, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(ADDRESS).status_code == 403


def test_site_list_costs_the_same_with_1_and_30_sites(client, omar_officer):
    client.force_login(omar_officer)
    a_site()
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as one:
        client.get(ADDRESS)
    for _ in range(29):
        a_site()

    with CaptureQueriesContext(connection) as thirty:
        client.get(ADDRESS)

    assert len(thirty) == len(one) <= 12


def test_site_list_searches_filters_and_sorts(client, omar_officer):
    client.force_login(omar_officer)
    for name, state, students in (("Alder", "OH", 10), ("Birch", "MA", 30), ("Cedar", "MA", 20)):
        SiteFactory(name=name, state=state, students=students)

    assert names(client) == ["Alder", "Birch", "Cedar"]
    assert names(client, q="bir") == ["Birch"]
    assert names(client, state="MA", sort="students") == ["Cedar", "Birch"]
    assert names(client, sort="-name") == ["Cedar", "Birch", "Alder"]
    assert names(client, sort="nonsense") == ["Alder", "Birch", "Cedar"]


def test_site_list_without_a_match_says_what_to_do(client, omar_officer):
    client.force_login(omar_officer)

    assert "No site fits" in client.get(ADDRESS, {"q": "nowhere"}).content.decode()


def test_site_list_names_the_lead_and_counts_the_schools(client, omar_officer, lea_site_lead):
    a_site(lead=lea_site_lead, schools=4)
    client.force_login(omar_officer)

    row = client.get(ADDRESS).context["table"].rows[0]

    assert (row.get_cell("lead"), row.get_cell("schools")) == ("Lea Site Lead", 4)
