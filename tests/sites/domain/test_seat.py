"""Seats: handed over, ended, changed; a site never loses its last lead."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from portal.access import Refused
from portal.activity.domain import timeline
from portal.mail.models import Message
from sites.domain.invitation import invite
from sites.domain.seat import change_role, end_seat, hand_over
from sites.enums import SeatRole
from sites.models import Seat
from sites.rules import may_lead
from tests.conftest import NOON
from tests.factories.sites import SeatFactory, a_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _outbox(settings):
    settings.EMAIL_URL = "smtp://mail.example"


def seat_of(person, site):
    return site.seats.current().get(holder=person)


def test_hand_over_moves_role_and_history_to_the_successor(site, lea_site_lead, ben_colleague):
    seat = seat_of(lea_site_lead, site)

    successor = hand_over(seat, to=ben_colleague, actor=lea_site_lead, at=NOON)

    assert (successor.holder, successor.role, successor.predecessor) == (ben_colleague, SeatRole.LEAD, seat)
    assert list(site.seats.current()) == [successor]
    assert may_lead(site, ben_colleague)
    assert not may_lead(site, lea_site_lead)
    assert timeline(site)[0].summary == "The seat of Lea Site Lead as site lead went to Ben Colleague."


def test_hand_over_tells_the_successor_what_they_take_on(site, lea_site_lead, ben_colleague):
    hand_over(seat_of(lea_site_lead, site), to=ben_colleague, actor=lea_site_lead, at=NOON)

    message = Message.objects.get(template="seat_handed_over")
    assert message.to == ben_colleague.email
    assert message.subject == f"You are now site lead of {site}"
    assert "Harbor County Education Association" in message.text
    assert "3 schools" in message.text
    assert "Its record is complete." in message.text
    assert not Message.objects.filter(template="seat_ended").exists()


def test_hand_over_by_a_lead_of_somebody_elses_seat_tells_that_person(
    site, lea_site_lead, ben_colleague, ana_applicant
):
    SeatFactory(site=site, holder=ana_applicant, role=SeatRole.VIEWER)

    hand_over(seat_of(ben_colleague, site), to=ana_applicant, actor=lea_site_lead, at=NOON)

    assert Message.objects.get(template="seat_ended").to == ben_colleague.email
    assert seat_of(ana_applicant, site).role == SeatRole.CONTRIBUTOR


def test_hand_over_by_the_holder_of_their_own_seat_is_allowed(site, ben_colleague, ana_applicant):
    SeatFactory(site=site, holder=ana_applicant, role=SeatRole.VIEWER)

    assert hand_over(seat_of(ben_colleague, site), to=ana_applicant, actor=ben_colleague, at=NOON)


def test_hand_over_of_another_persons_seat_by_a_contributor_is_refused(site, lea_site_lead, ben_colleague):
    with pytest.raises(Refused, match="Only the site lead"):
        hand_over(seat_of(lea_site_lead, site), to=ben_colleague, actor=ben_colleague, at=NOON)


def test_hand_over_to_somebody_outside_the_team_is_refused(site, lea_site_lead, sam_stranger):
    with pytest.raises(Refused, match="Invite them"):
        hand_over(seat_of(lea_site_lead, site), to=sam_stranger, actor=lea_site_lead, at=NOON)


def test_hand_over_to_its_holder_is_refused(site, lea_site_lead):
    with pytest.raises(Refused, match="holds this seat already"):
        hand_over(seat_of(lea_site_lead, site), to=lea_site_lead, actor=lea_site_lead, at=NOON)


def test_hand_over_that_would_cost_the_site_its_lead_is_refused(site, lea_site_lead, ben_colleague):
    with pytest.raises(Refused, match="only lead"):
        hand_over(seat_of(ben_colleague, site), to=lea_site_lead, actor=lea_site_lead, at=NOON)

    assert may_lead(site, lea_site_lead)


def test_hand_over_of_an_ended_seat_is_refused(site, lea_site_lead, ben_colleague):
    seat = seat_of(lea_site_lead, site)
    hand_over(seat, to=ben_colleague, actor=lea_site_lead, at=NOON)

    with pytest.raises(Refused, match="ended already"):
        hand_over(seat, to=ben_colleague, actor=lea_site_lead, at=NOON)


def test_hand_over_withdraws_the_invitation_that_waited_for_the_seat(site, lea_site_lead, ben_colleague):
    seat = seat_of(lea_site_lead, site)
    invitation = invite(site, email="next@lead.example", role="", hand_over_of=seat, actor=lea_site_lead, at=NOON)

    hand_over(seat, to=ben_colleague, actor=lea_site_lead, at=NOON)

    invitation.refresh_from_db()
    assert invitation.withdrawn_at == NOON


def test_hand_over_by_an_officer_while_a_lead_can_sign_in_is_refused(site, lea_site_lead, ben_colleague, omar_officer):
    with pytest.raises(Refused, match="managed by its lead"):
        hand_over(seat_of(lea_site_lead, site), to=ben_colleague, actor=omar_officer, at=NOON)


def test_hand_over_by_an_officer_when_no_lead_can_sign_in_is_allowed(site, lea_site_lead, ben_colleague, omar_officer):
    lea_site_lead.is_active = False
    lea_site_lead.save()

    assert hand_over(seat_of(lea_site_lead, site), to=ben_colleague, actor=omar_officer, at=NOON).role == SeatRole.LEAD


def test_end_seat_takes_the_site_away_at_once(site, lea_site_lead, ben_colleague):
    end_seat(seat_of(ben_colleague, site), actor=lea_site_lead, at=NOON)

    ben = type(ben_colleague).objects.get(pk=ben_colleague.pk)
    assert not type(site).objects.visible_to(ben).exists()
    assert Message.objects.get(template="seat_ended").to == ben_colleague.email


def test_end_seat_by_its_holder_is_leaving(site, ben_colleague):
    end_seat(seat_of(ben_colleague, site), actor=ben_colleague, at=NOON)

    assert not ben_colleague.has_seats
    assert not Message.objects.exists()


def test_end_seat_of_the_only_lead_is_refused(site, lea_site_lead):
    with pytest.raises(Refused, match="only lead"):
        end_seat(seat_of(lea_site_lead, site), actor=lea_site_lead, at=NOON)


def test_end_seat_of_one_of_two_leads_is_allowed(site, lea_site_lead, ana_applicant):
    SeatFactory(site=site, holder=ana_applicant, role=SeatRole.LEAD)

    end_seat(seat_of(lea_site_lead, site), actor=lea_site_lead, at=NOON)

    assert [seat.holder for seat in site.seats.current().filter(role=SeatRole.LEAD)] == [ana_applicant]


def test_end_seat_by_another_contributor_is_refused(site, ben_colleague, ana_applicant):
    SeatFactory(site=site, holder=ana_applicant)

    with pytest.raises(Refused):
        end_seat(seat_of(ben_colleague, site), actor=ana_applicant, at=NOON)


def test_change_role_is_felt_at_once(site, lea_site_lead, ben_colleague):
    change_role(seat_of(ben_colleague, site), role=SeatRole.LEAD, actor=lea_site_lead, at=NOON)

    assert may_lead(site, type(ben_colleague).objects.get(pk=ben_colleague.pk))
    assert timeline(site)[0].summary == "Made Ben Colleague site lead."


def test_change_role_to_the_same_one_changes_nothing(site, lea_site_lead, ben_colleague):
    change_role(seat_of(ben_colleague, site), role=SeatRole.CONTRIBUTOR, actor=lea_site_lead, at=NOON)

    assert timeline(site) == []


def test_change_role_of_the_only_lead_is_refused(site, lea_site_lead):
    with pytest.raises(Refused, match="only lead"):
        change_role(seat_of(lea_site_lead, site), role=SeatRole.VIEWER, actor=lea_site_lead, at=NOON)


def test_change_role_to_an_unknown_one_is_refused(site, lea_site_lead, ben_colleague):
    with pytest.raises(ValidationError, match="Choose one"):
        change_role(seat_of(ben_colleague, site), role="king", actor=lea_site_lead, at=NOON)


def test_change_role_of_ones_own_seat_by_a_contributor_is_refused(site, ben_colleague):
    with pytest.raises(Refused):
        change_role(seat_of(ben_colleague, site), role=SeatRole.LEAD, actor=ben_colleague, at=NOON)


def test_seat_of_a_person_twice_on_a_site_is_refused_by_the_database(site, ben_colleague):
    with pytest.raises(IntegrityError):
        SeatFactory(site=site, holder=ben_colleague, role=SeatRole.VIEWER)


def test_seat_of_a_person_on_two_sites_is_allowed(ben_colleague, site):
    other = a_site(lead=ben_colleague)

    assert ben_colleague.seat_roles == {site.pk: SeatRole.CONTRIBUTOR, other.pk: SeatRole.LEAD}


def test_seat_that_ends_before_it_starts_is_refused_by_the_database():
    with pytest.raises(IntegrityError, match="seat_ends_after_it_starts"):
        SeatFactory(started_at=NOON, ended_at=NOON.replace(year=2020))


def test_seat_with_an_unknown_role_is_refused_by_the_database():
    with pytest.raises(IntegrityError, match="seat_role_is_known"):
        SeatFactory(role="king")


def test_seat_with_two_successors_is_refused_by_the_database(site):
    first = Seat.objects.first()
    SeatFactory(predecessor=first)

    with pytest.raises(IntegrityError):
        SeatFactory(predecessor=first)
