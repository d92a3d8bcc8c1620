"""Roles: granted and revoked by administrators, never one's own, felt at the next request."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError
from django.urls import reverse

from portal.access import Refused
from portal.accounts.domain.role import appoint, grant_role, revoke_role
from portal.accounts.enums import Role
from portal.accounts.models import RoleGrant
from portal.activity.domain import timeline
from tests.conftest import NOON
from tests.factories.sites import SeatFactory

pytestmark = pytest.mark.django_db


def test_grant_role_is_felt_at_once_and_recorded(ada_admin, ana_applicant):
    grant = grant_role(ana_applicant, Role.OFFICER, actor=ada_admin, at=NOON)

    assert (grant.granted_by, grant.granted_at) == (ada_admin, NOON)
    assert ana_applicant.roles == {"officer"}
    assert timeline(ana_applicant)[0].summary == "Made Ana Applicant program officer."


@pytest.mark.parametrize("who", ["omar_officer", "dina_director", "otto_auditor", "lea_site_lead"])
def test_grant_role_by_anybody_but_administrators_is_refused(request, ana_applicant, who):
    with pytest.raises(Refused, match="Only administrators"):
        grant_role(ana_applicant, Role.OFFICER, actor=request.getfixturevalue(who), at=NOON)


def test_grant_role_to_oneself_is_refused(ada_admin):
    with pytest.raises(Refused, match="Nobody changes their own"):
        grant_role(ada_admin, Role.DIRECTOR, actor=ada_admin, at=NOON)


def test_grant_role_that_is_held_already_is_refused(ada_admin, omar_officer):
    with pytest.raises(ValidationError, match="already"):
        grant_role(omar_officer, Role.OFFICER, actor=ada_admin, at=NOON)


def test_grant_role_there_is_not_is_refused(ada_admin, ana_applicant):
    with pytest.raises(ValidationError, match="no such role"):
        grant_role(ana_applicant, "king", actor=ada_admin, at=NOON)


@pytest.mark.parametrize(("role", "allowed"), [(Role.OFFICER, False), (Role.FINANCE, False), (Role.REVIEWER, True)])
def test_grant_role_that_decides_about_sites_is_refused_to_their_teams(ada_admin, ana_applicant, role, allowed):
    SeatFactory(holder=ana_applicant)

    if allowed:
        assert grant_role(ana_applicant, role, actor=ada_admin, at=NOON)
    else:
        with pytest.raises(Refused, match="sits on a coalition's team"):
            grant_role(ana_applicant, role, actor=ada_admin, at=NOON)


def test_revoke_role_is_recorded(ada_admin, omar_officer):
    revoke_role(omar_officer, Role.OFFICER, actor=ada_admin, at=NOON)

    assert omar_officer.roles == frozenset()
    assert timeline(omar_officer)[0].summary == "Took the role program officer from Omar Officer."


def test_revoke_role_that_is_not_held_is_refused(ada_admin, omar_officer):
    with pytest.raises(ValidationError, match="does not hold"):
        revoke_role(omar_officer, Role.DIRECTOR, actor=ada_admin, at=NOON)


def test_revoke_role_of_oneself_is_refused(ada_admin):
    with pytest.raises(Refused):
        revoke_role(ada_admin, Role.ADMINISTRATOR, actor=ada_admin, at=NOON)


def test_revoke_role_by_somebody_who_lost_theirs_meanwhile_is_refused(ada_admin, otto_auditor, omar_officer):
    grant_role(otto_auditor, Role.ADMINISTRATOR, actor=ada_admin, at=NOON)
    assert ada_admin.roles == {"administrator"}
    revoke_role(type(ada_admin).objects.get(pk=ada_admin.pk), Role.ADMINISTRATOR, actor=otto_auditor, at=NOON)

    with pytest.raises(Refused):
        revoke_role(otto_auditor, Role.ADMINISTRATOR, actor=ada_admin, at=NOON)


def test_revoked_role_is_refused_at_the_next_request(client, ada_admin, omar_officer):
    client.force_login(omar_officer)
    assert client.get(reverse("sites:site-list")).status_code == 200

    revoke_role(omar_officer, Role.OFFICER, actor=ada_admin, at=NOON)

    assert client.get(reverse("sites:site-list")).status_code == 403


def test_granted_role_works_at_the_next_request(client, ada_admin, sam_stranger):
    client.force_login(sam_stranger)
    assert client.get(reverse("sites:site-list")).status_code == 403

    grant_role(sam_stranger, Role.AUDITOR, actor=ada_admin, at=NOON)

    assert client.get(reverse("sites:site-list")).status_code == 200


def test_roles_of_a_closed_account_are_none(omar_officer):
    omar_officer.is_active = False

    assert (omar_officer.roles, omar_officer.seat_roles) == (frozenset(), {})


def test_appoint_makes_the_first_administrator(sam_stranger):
    appoint(sam_stranger, Role.ADMINISTRATOR, at=NOON)

    assert sam_stranger.roles == {"administrator"}
    assert timeline(sam_stranger)[0].actor_label == "The portal"


def test_appoint_command_says_what_it_did(sam_stranger, capsys):
    call_command("appoint", "SAM@stranger.example", "administrator")

    assert capsys.readouterr().out == "Sam Stranger is administrator now.\n"
    assert RoleGrant.objects.get().user == sam_stranger


@pytest.mark.parametrize("given", [("nobody@example.org", "administrator"), ("sam@stranger.example", "king")])
def test_appoint_command_with_a_wrong_word_changes_nothing(sam_stranger, given):
    with pytest.raises(CommandError):
        call_command("appoint", *given)

    assert not RoleGrant.objects.exists()


def test_role_granted_twice_is_refused_by_the_database(omar_officer):
    with pytest.raises(IntegrityError):
        RoleGrant.objects.create(user=omar_officer, role=Role.OFFICER)


def test_role_there_is_not_is_refused_by_the_database(ana_applicant):
    with pytest.raises(IntegrityError, match="role_is_known"):
        RoleGrant.objects.create(user=ana_applicant, role="king")


def test_address_in_capitals_is_refused_by_the_database(ana_applicant):
    ana_applicant.email = "Ana@applicant.example"

    with pytest.raises(IntegrityError, match="user_email_is_lower_case"):
        ana_applicant.save()
