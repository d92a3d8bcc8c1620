"""One seat's page: hand over, another role, the end."""

import pytest
from django.urls import reverse

from sites.enums import SeatRole
from sites.models import Invitation
from tests.factories.sites import SeatFactory, a_site

pytestmark = pytest.mark.django_db


def address(seat, name="seat-detail"):
    return reverse(f"sites:{name}", args=[seat.site.reference, seat.public_id])


@pytest.fixture
def bens_seat(site, ben_colleague):
    return site.seats.current().get(holder=ben_colleague)


@pytest.fixture
def leas_seat(site, lea_site_lead):
    return site.seats.current().get(holder=lea_site_lead)


def test_seat_detail_offers_the_lead_every_act(client, bens_seat, lea_site_lead):
    client.force_login(lea_site_lead)

    page = client.get(address(bens_seat)).content.decode()

    for name in ("seat-role", "seat-hand-over", "seat-end"):
        assert address(bens_seat, name) in page


def test_seat_detail_of_ones_own_offers_to_hand_over_and_leave(client, bens_seat, ben_colleague):
    client.force_login(ben_colleague)

    page = client.get(address(bens_seat)).content.decode()

    assert "Leave the team" in page
    assert address(bens_seat, "seat-role") not in page


def test_seat_role_changes_it(client, bens_seat, lea_site_lead):
    client.force_login(lea_site_lead)

    client.post(address(bens_seat, "seat-role"), {"role": "finance"})

    bens_seat.refresh_from_db()
    assert bens_seat.role == SeatRole.FINANCE


def test_seat_role_of_the_only_lead_is_refused_on_the_page(client, leas_seat, lea_site_lead):
    client.force_login(lea_site_lead)

    answer = client.post(address(leas_seat, "seat-role"), {"role": "viewer"})

    assert answer.status_code == 409
    assert "only lead" in answer.content.decode()


def test_seat_hand_over_to_a_colleague_moves_it_and_shows_the_way_on(client, site, leas_seat, bens_seat, lea_site_lead):
    client.force_login(lea_site_lead)

    answer = client.post(address(leas_seat, "seat-hand-over"), {"colleague": bens_seat.public_id})

    assert answer.url == reverse("sites:coalition-list")
    assert site.seats.current().get().holder == bens_seat.holder
    assert client.get(reverse("sites:coalition-detail", args=[site.reference])).status_code == 404


def test_seat_hand_over_by_mail_invites(client, leas_seat, lea_site_lead):
    client.force_login(lea_site_lead)

    answer = client.post(address(leas_seat, "seat-hand-over"), {"email": "next@lead.example"})

    assert answer.url == reverse("sites:coalition-detail", args=[leas_seat.site.reference])
    assert Invitation.objects.get().hand_over_of == leas_seat


@pytest.mark.parametrize("both", [True, False])
def test_seat_hand_over_needs_exactly_one_successor(client, leas_seat, bens_seat, lea_site_lead, both):
    client.force_login(lea_site_lead)
    typed = {"colleague": bens_seat.public_id, "email": "next@lead.example"} if both else {}

    page = client.post(address(leas_seat, "seat-hand-over"), typed).content.decode()

    assert "one of the two" in page
    assert not Invitation.objects.exists()


def test_seat_hand_over_with_a_refused_address_says_why(client, leas_seat, lea_site_lead, ben_colleague):
    client.force_login(lea_site_lead)
    Invitation.objects.create(
        site=leas_seat.site, email="next@lead.example", role="lead", token_digest="x", invited_by=ben_colleague,
        expires_at=leas_seat.started_at.replace(year=leas_seat.started_at.year + 1),
    )  # fmt: skip

    page = client.post(address(leas_seat, "seat-hand-over"), {"email": "next@lead.example"}).content.decode()

    assert "waiting for an answer" in page


def test_seat_end_ends_it(client, site, bens_seat, lea_site_lead):
    client.force_login(lea_site_lead)

    answer = client.post(address(bens_seat, "seat-end"))

    assert answer.url == reverse("sites:coalition-detail", args=[site.reference])
    bens_seat.refresh_from_db()
    assert bens_seat.ended_at is not None


def test_seat_end_of_the_only_lead_is_refused_on_the_page(client, leas_seat, lea_site_lead):
    client.force_login(lea_site_lead)

    answer = client.post(address(leas_seat, "seat-end"))

    assert answer.status_code == 409
    assert "only lead" in answer.content.decode()


@pytest.mark.parametrize("name", ["seat-role", "seat-hand-over", "seat-end"])
def test_seat_acts_are_refused_to_colleagues_and_hidden_from_strangers(
    client, leas_seat, ben_colleague, omar_officer, sam_stranger, name
):
    for person, status in ((ben_colleague, 403), (omar_officer, 403), (sam_stranger, 404)):
        client.force_login(person)
        assert client.post(address(leas_seat, name)).status_code == status


@pytest.mark.parametrize("name", ["seat-role", "seat-hand-over", "seat-end"])
def test_seat_acts_by_get_are_not_allowed(client, bens_seat, lea_site_lead, name):
    client.force_login(lea_site_lead)

    assert client.get(address(bens_seat, name)).status_code == 405


def test_seat_that_has_ended_or_is_another_sites_is_not_found(client, site, bens_seat, lea_site_lead):
    client.force_login(lea_site_lead)
    foreign = a_site().seats.get()
    client.post(address(bens_seat, "seat-end"))

    assert client.get(address(bens_seat)).status_code == 404
    assert client.get(reverse("sites:seat-detail", args=[site.reference, foreign.public_id])).status_code == 404


def test_seat_page_lets_an_officer_find_a_new_lead_when_none_can_sign_in(
    client, leas_seat, lea_site_lead, omar_officer
):
    SeatFactory(site=leas_seat.site)
    lea_site_lead.is_active = False
    lea_site_lead.save()
    client.force_login(omar_officer)

    client.post(address(leas_seat, "seat-hand-over"), {"email": "next@lead.example"})

    assert Invitation.objects.get().invited_by == omar_officer
