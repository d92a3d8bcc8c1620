"""Adding, changing and removing partners through pages."""

import pytest
from django.urls import reverse

from sites.enums import PartnerKind
from sites.models import District, Partner
from tests.factories.sites import PartnerFactory, SeatFactory, SiteFactory, a_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead_client(client, lea_site_lead):
    client.force_login(lea_site_lead)
    return client


def address(partner, name):
    return reverse(f"sites:{name}", args=[partner.site.reference, partner.public_id])


def test_partner_new_adds_a_partner(lead_client, site):
    answer = lead_client.post(
        reverse("sites:partner-new", args=[site.reference]),
        {"kind": "community", "name": "Harbor Library", "ein": "12-3456789", "site": "999", "version": "7"},
    )

    assert answer.status_code == 302
    assert site.partners.get(name="Harbor Library").ein == "123456789"


def test_partner_new_with_a_bad_identifier_says_so_beside_the_field(lead_client, site):
    answer = lead_client.post(
        reverse("sites:partner-new", args=[site.reference]),
        {"kind": "union", "name": "Another union", "uei": "E2NYLCDML6V2"},
    )

    page = answer.content.decode()
    assert "typing mistake" in page
    assert "has an education union already" in page
    assert 'value="E2NYLCDML6V2"' in page


def test_partner_edit_asks_only_a_district_for_its_id(lead_client, site):
    district = site.partners.get(kind=PartnerKind.DISTRICT)

    assert 'name="leaid"' in lead_client.get(address(district, "partner-edit")).content.decode()
    assert 'name="leaid"' not in lead_client.get(address(site.fiscal_agent, "partner-edit")).content.decode()


def test_partner_edit_cannot_change_what_the_partner_is(lead_client, site):
    partner = site.fiscal_agent

    answer = lead_client.post(
        address(partner, "partner-edit"),
        {"name": "Renamed", "kind": "union", "ein": partner.ein, "tax_status": partner.tax_status, "version": "1"},
    )

    assert answer.status_code == 302
    partner.refresh_from_db()
    assert (partner.name, partner.kind, partner.version) == ("Renamed", PartnerKind.COMMUNITY, 2)


def test_partner_edit_after_a_colleague_shows_both_texts(lead_client, site):
    partner = PartnerFactory(site=site, name="Fund", tax_status="")
    Partner.objects.filter(pk=partner.pk).update(name="The colleague's fund", tax_status="other", version=2)

    answer = lead_client.post(
        address(partner, "partner-edit"), {"name": "My fund", "tax_status": "charity", "version": "1"}
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The colleague&#x27;s fund" in page
    assert '<td class="typed">Other</td>' in page
    assert 'name="version" value="2"' in page


def test_partner_remove_asks_first_then_removes(lead_client, site):
    partner = PartnerFactory(site=site, name="Harbor Library")

    assert "Remove Harbor Library?" in lead_client.get(address(partner, "partner-remove")).content.decode()
    assert site.partners.filter(pk=partner.pk).exists()
    assert lead_client.post(address(partner, "partner-remove")).status_code == 302
    assert not site.partners.filter(pk=partner.pk).exists()


def test_partner_remove_of_the_fiscal_agent_says_what_to_do_first(lead_client, site):
    answer = lead_client.post(address(site.fiscal_agent, "partner-remove"))

    assert answer.status_code == 409
    assert "Choose another one first" in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", ["partner-edit", "partner-remove"])
def test_partner_of_another_site_is_not_found_under_ones_own(lead_client, site, name, method):
    other = a_site().fiscal_agent

    answer = getattr(lead_client, method)(reverse(f"sites:{name}", args=[site.reference, other.public_id]))

    assert answer.status_code == 404


@pytest.mark.parametrize("name", ["partner-edit", "partner-remove"])
def test_partner_pages_are_refused_to_colleagues_and_hidden_from_strangers(
    client, site, ben_colleague, sam_stranger, name
):
    for person, status in ((ben_colleague, 403), (sam_stranger, 404)):
        client.force_login(person)
        assert client.post(address(site.fiscal_agent, name)).status_code == status


def test_partner_of_a_second_site_one_leads_is_edited_there_only(lead_client, site, lea_site_lead):
    other = SeatFactory(holder=lea_site_lead, role="lead").site
    partner = PartnerFactory(site=other)

    assert lead_client.get(address(partner, "partner-edit")).status_code == 200


# --- the list of districts ---

LISTED = {"leaid": "2599001", "name": "Harborton Public Schools", "city": "Harborton", "state": "MA", "students": 8140}


@pytest.fixture
def listed(db):
    District.objects.create(leaid="3699001", name="Harborton of New York", state="NY")
    return District.objects.create(**LISTED)


@pytest.fixture
def new_site(lea_site_lead):
    return SeatFactory(site=SiteFactory(students=None), holder=lea_site_lead, role="lead").site


def new_page(site, query=""):
    return reverse("sites:partner-new", args=[site.reference]) + query


def test_district_is_found_by_name_in_the_coalitions_state(lead_client, new_site, listed):
    page = lead_client.get(new_page(new_site, "?kind=district&q=harbor")).content.decode()

    assert "?kind=district&amp;district=2599001#partner" in page
    assert "8,140" in page
    assert "3699001" not in page


def test_district_search_while_typing_answers_with_the_list_alone(lead_client, new_site, listed):
    answer = lead_client.get(new_page(new_site, "?q=harbor"), headers={"HX-Request": "true"})
    nothing = lead_client.get(new_page(new_site, "?q=zebra"), headers={"HX-Request": "true"})

    assert ("<form" in answer.content.decode(), "Harborton Public Schools" in answer.content.decode()) == (False, True)
    assert "No district in Massachusetts fits “zebra”." in nothing.content.decode()


def test_district_chosen_fills_name_id_and_students(lead_client, new_site, listed):
    page = lead_client.get(new_page(new_site, "?kind=district&district=2599001")).content.decode()

    for value in ("Harborton Public Schools", "2599001", "8140"):
        assert f'value="{value}"' in page


def test_district_of_another_states_list_cannot_be_chosen(lead_client, new_site, listed):
    page = lead_client.get(new_page(new_site, "?kind=district&district=3699001")).content.decode()

    assert "3699001" not in page


def test_district_by_id_alone_takes_the_rest_from_the_list(lead_client, new_site, listed):
    lead_client.post(new_page(new_site, "?kind=district"), {"kind": "district", "leaid": "25-99001", "name": ""})

    new_site.refresh_from_db()
    district = new_site.partners.get()
    assert (district.leaid, district.name, new_site.students) == ("2599001", "Harborton Public Schools", 8140)


def test_district_with_an_id_of_another_state_is_refused_with_what_was_typed(lead_client, new_site, listed):
    page = lead_client.post(
        new_page(new_site, "?kind=district"), {"kind": "district", "leaid": "3699001", "name": "Harborton"}
    ).content.decode()

    assert "District ids in MA start with 25, and this one starts with 36." in page
    assert 'value="3699001"' in page


def test_district_with_an_id_the_list_does_not_know_is_kept_with_a_word(lead_client, new_site, listed):
    answer = lead_client.post(
        new_page(new_site, "?kind=district"), {"kind": "district", "leaid": "2500000", "name": "Smallton"}, follow=True
    )

    assert "The id 2500000 is not in our list of districts." in answer.content.decode()
    assert new_site.partners.get().leaid == "2500000"


def test_district_of_another_coalition_is_said_kindly_and_names_nobody(lead_client, new_site, listed, ana_applicant):
    other = a_site(ana_applicant, name="Secret Promise")
    other.partners.filter(kind=PartnerKind.DISTRICT).update(leaid="2599001")
    typed = {"kind": "district", "leaid": "2599001", "name": "Harborton"}

    refused = lead_client.post(new_page(new_site, "?kind=district"), typed).content.decode()
    unticked = lead_client.post(new_page(new_site, "?kind=district"), typed)
    ticked = lead_client.post(new_page(new_site, "?kind=district"), typed | {"apart": "on"})

    assert "Another coalition in this portal has this school district already" in refused
    assert 'name="apart"' in refused
    assert ("Secret Promise" in refused, "Ana" in refused) == (False, False)
    assert (unticked.status_code, ticked.status_code) == (200, 302)


def test_partner_new_of_a_kind_asks_only_what_that_kind_has(lead_client, new_site, listed):
    union = lead_client.get(new_page(new_site, "?kind=union")).content.decode()

    assert "Add the education union" in union
    assert ('name="leaid"' in union, 'id="lookup"' in union, 'type="radio"' in union) == (False, False, False)


def test_lookup_is_left_out_while_no_list_is_loaded(lead_client, new_site):
    assert 'id="lookup"' not in lead_client.get(new_page(new_site, "?kind=district")).content.decode()


def test_district_edit_after_a_colleague_shows_both_texts(lead_client, site):
    district = site.partners.get(kind=PartnerKind.DISTRICT)
    Partner.objects.filter(pk=district.pk).update(name="Theirs", version=2)

    answer = lead_client.post(address(district, "partner-edit"), {"name": "Mine", "students": "7", "version": "1"})

    assert (answer.status_code, "Theirs" in answer.content.decode()) == (409, True)


def test_district_edit_changes_the_students_of_the_coalition(lead_client, site):
    district = site.partners.get(kind=PartnerKind.DISTRICT)

    lead_client.post(
        address(district, "partner-edit"),
        {"name": district.name, "leaid": district.leaid, "students": "9,100", "version": "1"},
    )

    site.refresh_from_db()
    assert (site.students, site.version) == (9100, 2)


@pytest.mark.parametrize("rows", [1, 30])
def test_district_search_costs_the_same_however_many_fit(lead_client, new_site, rows, django_assert_max_num_queries):
    District.objects.bulk_create(District(leaid=f"25{n:05d}", name=f"Harbor {n}", state="MA") for n in range(rows))

    with django_assert_max_num_queries(9):
        lead_client.get(new_page(new_site, "?kind=district&q=harbor"))
