"""The list of schools through its page."""

import pytest
from django.urls import reverse

from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead_client(client, lea_site_lead):
    client.force_login(lea_site_lead)
    return client


def test_school_list_adds_pasted_lines(lead_client, site):
    answer = lead_client.post(
        reverse("sites:school-list", args=[site.reference]), {"schools": "North School\nSouth School"}
    )

    assert answer.url == reverse("sites:school-list", args=[site.reference])
    assert site.schools.count() == 5


def test_school_list_with_a_bad_line_names_it_and_keeps_the_text(lead_client, site):
    page = lead_client.post(
        reverse("sites:school-list", args=[site.reference]), {"schools": "North School\nSouth School, 12"}
    ).content.decode()

    assert "Line 2: A school id has 12 digits" in page
    assert "North School\nSouth School, 12" in page.replace("\r\n", "\n")


def test_school_remove_takes_the_chosen_off(lead_client, site):
    school = site.schools.first()

    answer = lead_client.post(reverse("sites:school-remove", args=[site.reference]), {"schools": [school.public_id]})

    assert answer.status_code == 302
    assert not site.schools.filter(pk=school.pk).exists()


def test_school_remove_without_a_choice_says_so(lead_client, site):
    page = lead_client.post(reverse("sites:school-remove", args=[site.reference])).content.decode()

    assert "Choose at least one school." in page


def test_school_remove_of_another_sites_school_is_no_choice(lead_client, site):
    other = a_site(schools=1)

    page = lead_client.post(
        reverse("sites:school-remove", args=[site.reference]), {"schools": [other.schools.get().public_id]}
    ).content.decode()

    assert "not one of the available choices" in page
    assert other.schools.exists()


def test_school_remove_by_get_is_not_allowed(lead_client, site):
    assert lead_client.get(reverse("sites:school-remove", args=[site.reference])).status_code == 405


def test_school_remove_is_refused_to_colleagues_and_hidden_from_strangers(client, site, ben_colleague, sam_stranger):
    for person, status in ((ben_colleague, 403), (sam_stranger, 404)):
        client.force_login(person)
        assert client.post(reverse("sites:school-remove", args=[site.reference])).status_code == status
