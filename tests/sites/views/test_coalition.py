"""The pages of a coalition: for its team, for staff, and nothing for strangers."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal import panels
from portal.panels import Panel
from sites.enums import PartnerKind
from sites.models import Site
from tests.factories.sites import PartnerFactory, SchoolFactory, SeatFactory, SiteFactory

pytestmark = pytest.mark.django_db


def address(site, name="coalition-detail", *more):
    return reverse(f"sites:{name}", args=[site.reference, *more])


def test_coalition_list_without_any_offers_to_found_one(client, ana_applicant):
    client.force_login(ana_applicant)

    page = client.get(reverse("sites:coalition-list")).content.decode()

    assert "You are on no team yet" in page
    assert reverse("sites:coalition-new") in page


def test_coalition_list_shows_seats_of_this_person_only(client, site, ben_colleague):
    other = SiteFactory(name="Somebody else's coalition")
    client.force_login(ben_colleague)

    page = client.get(reverse("sites:coalition-list")).content.decode()

    assert site.name in page
    assert other.name not in page


def test_coalition_list_tells_staff_why_they_have_none(client, omar_officer):
    client.force_login(omar_officer)

    assert "cannot sit on one" in client.get(reverse("sites:coalition-list")).content.decode()


def test_coalition_new_makes_a_site_and_goes_to_its_page(client, ana_applicant):
    client.force_login(ana_applicant)

    answer = client.post(
        reverse("sites:coalition-new"),
        {
            "name": "Three Rivers Promise",
            "place": "Three Rivers",
            "state": "OH",
            "students": "5,761",
            "reference": "S-1",
        },
    )

    site = Site.objects.get()
    assert answer.url == address(site)
    assert (site.reference[:2], site.students) == ("S-", 5761)


def test_coalition_new_with_errors_keeps_what_was_typed(client, ana_applicant):
    client.force_login(ana_applicant)

    page = client.post(reverse("sites:coalition-new"), {"name": "Three Rivers Promise"}).content.decode()

    assert 'value="Three Rivers Promise"' in page
    assert "Choose a state." in page
    assert not Site.objects.exists()


def test_coalition_new_by_staff_is_refused(client, omar_officer):
    client.force_login(omar_officer)

    assert client.get(reverse("sites:coalition-new")).status_code == 403


def test_coalition_detail_gives_the_lead_everything_to_work_with(client, site, lea_site_lead):
    client.force_login(lea_site_lead)

    page = client.get(address(site)).content.decode()

    assert "The coalition is complete" in page
    for name in ("coalition-edit", "partner-new", "school-list", "invitation-new", "coalition-fiscal-agent"):
        assert address(site, name) in page


def test_coalition_detail_says_what_is_missing(client, lea_site_lead):
    site = SeatFactory(holder=lea_site_lead, role="lead").site
    client.force_login(lea_site_lead)

    page = client.get(address(site)).content.decode()

    assert "Missing before the coalition can apply" in page
    assert "Add the local education union." in page


@pytest.mark.parametrize("who", ["ben_colleague", "omar_officer", "dina_director", "fay_finance", "otto_auditor"])
def test_coalition_detail_is_read_only_for_everybody_else(client, site, request, who):
    client.force_login(request.getfixturevalue(who))

    page = client.get(address(site)).content.decode()

    assert site.name in page
    for name in ("coalition-edit", "partner-new", "school-list", "invitation-new", "coalition-fiscal-agent"):
        assert f'"{address(site, name)}"' not in page


@pytest.mark.parametrize("who", ["sam_stranger", "rita_reviewer", "ada_admin"])
def test_coalition_detail_of_a_foreign_site_is_not_found(client, site, request, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(address(site)).status_code == 404


def test_coalition_detail_for_visitors_asks_to_sign_in(client, site):
    answer = client.get(address(site))

    assert answer.url == f"{reverse('account_login')}?next={address(site)}"


def test_coalition_detail_costs_the_same_however_much_it_holds(client, site, omar_officer):
    client.force_login(omar_officer)
    with CaptureQueriesContext(connection) as few:
        client.get(address(site))
    for _ in range(30):
        PartnerFactory(site=site)
        SchoolFactory(site=site)
        SeatFactory(site=site)

    with CaptureQueriesContext(connection) as many:
        client.get(address(site))

    assert len(many) == len(few) <= 20


def test_coalition_detail_shows_panels_of_other_apps(client, site, omar_officer, monkeypatch):
    monkeypatch.setattr(panels, "_providers", {})
    seen = []

    @panels.provides_panel("site")
    def awards(subject, user, at):
        seen.append((subject, user))
        return Panel("components/timeline.html", {}) if subject == site else None

    client.force_login(omar_officer)

    client.get(address(site))

    assert seen == [(site, omar_officer)]


def test_coalition_edit_saves(client, site, lea_site_lead):
    client.force_login(lea_site_lead)

    answer = client.post(
        address(site, "coalition-edit"),
        {
            "name": "Renamed",
            "place": site.place,
            "state": site.state,
            "students": "",
            "story": "We meet.",
            "version": "1",
        },
    )

    assert answer.url == address(site)
    site.refresh_from_db()
    assert (site.name, site.students, site.story) == ("Renamed", None, "We meet.")


def test_coalition_edit_after_a_colleague_shows_both_texts_and_can_be_saved_again(client, site, lea_site_lead):
    Site.objects.filter(pk=site.pk).update(name="The colleague's name", version=2)
    client.force_login(lea_site_lead)
    typed = {"name": "My name", "place": site.place, "state": site.state, "students": site.students, "story": ""}

    answer = client.post(address(site, "coalition-edit"), typed | {"version": "1"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The colleague&#x27;s name" in page
    assert 'value="My name"' in page
    assert '<input type="hidden" name="version" value="2"' in page
    assert client.post(address(site, "coalition-edit"), typed | {"version": "2"}).status_code == 302
    site.refresh_from_db()
    assert site.name == "My name"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", ["coalition-edit", "coalition-fiscal-agent", "partner-new", "school-list"])
def test_pages_of_the_lead_are_refused_to_colleagues_and_hidden_from_strangers(
    client, site, ben_colleague, omar_officer, sam_stranger, name, method
):
    for person, status in ((ben_colleague, 403), (omar_officer, 403), (sam_stranger, 404)):
        client.force_login(person)
        assert getattr(client, method)(address(site, name)).status_code == status


def test_fiscal_agent_is_chosen_among_the_partners(client, site, lea_site_lead):
    union = site.partners.get(kind=PartnerKind.UNION)
    client.force_login(lea_site_lead)

    answer = client.post(address(site, "coalition-fiscal-agent"), {"partner": union.public_id})

    assert answer.url == address(site)
    site.refresh_from_db()
    assert site.fiscal_agent == union


def test_fiscal_agent_of_another_site_is_no_choice(client, site, lea_site_lead):
    client.force_login(lea_site_lead)

    answer = client.post(address(site, "coalition-fiscal-agent"), {"partner": PartnerFactory().public_id})

    assert "Select a valid choice" in answer.content.decode()


def test_fiscal_agent_that_cannot_be_paid_is_refused_with_the_reason(client, site, lea_site_lead):
    partner = PartnerFactory(site=site, ein="")
    client.force_login(lea_site_lead)

    page = client.post(address(site, "coalition-fiscal-agent"), {"partner": partner.public_id}).content.decode()

    assert "Add the EIN and the tax status" in page


def test_fiscal_agent_without_partners_leads_to_adding_one(client, lea_site_lead):
    site = SeatFactory(holder=lea_site_lead, role="lead").site
    client.force_login(lea_site_lead)

    assert address(site, "partner-new") in client.get(address(site, "coalition-fiscal-agent")).content.decode()


def test_coalition_new_in_the_same_place_is_said_kindly_and_goes_on_when_ticked(client, site, sam_stranger):
    client.force_login(sam_stranger)
    typed = {"name": "Another", "place": site.place.upper(), "state": site.state}

    refused = client.post(reverse("sites:coalition-new"), typed)
    ticked = client.post(reverse("sites:coalition-new"), typed | {"apart": "on"})

    page = refused.content.decode()
    assert (refused.status_code, ticked.status_code) == (409, 302)
    assert "There is a coalition of this name or place already" in page
    assert ("Lea Site Lead" in page, site.name in page) == (False, False)
