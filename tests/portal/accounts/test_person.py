"""Accounts as administrators handle them: closed, opened, signed out; always on the record, never one's own."""

import pytest
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.access import Refused
from portal.accounts.domain.person import change_profile, deactivate, end_sessions, owns_address, reactivate
from portal.accounts.models import User
from portal.activity.domain import timeline
from tests.conftest import NOON
from tests.portal.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_deactivate_ends_what_the_person_was_doing_at_once(client, ada_admin, omar_officer, sign_in):
    sign_in(client, omar_officer)
    assert client.get(reverse("sites:site-list")).status_code == 200
    assert UserSession.objects.filter(user=omar_officer).count() == 1

    deactivate(omar_officer, reason="Left the foundation.", actor=ada_admin, at=NOON)

    assert client.get(reverse("sites:site-list")).url.startswith(reverse("account_login"))
    assert not UserSession.objects.filter(user=omar_officer).exists()
    assert timeline(omar_officer)[0].facts == {"reason": "Left the foundation."}


def test_deactivate_keeps_roles_for_the_day_the_account_is_opened_again(ada_admin, omar_officer):
    deactivate(omar_officer, reason="Leave.", actor=ada_admin, at=NOON)
    assert User.objects.get(pk=omar_officer.pk).roles == frozenset()

    reactivate(omar_officer, actor=ada_admin, at=NOON)

    assert User.objects.get(pk=omar_officer.pk).roles == {"officer"}


def test_deactivate_without_a_reason_is_refused(ada_admin, omar_officer):
    with pytest.raises(ValidationError, match="Write a reason"):
        deactivate(omar_officer, reason=" ", actor=ada_admin, at=NOON)


def test_deactivate_of_a_closed_account_is_refused(ada_admin, omar_officer):
    deactivate(omar_officer, reason="Left.", actor=ada_admin, at=NOON)

    with pytest.raises(Refused, match="closed already"):
        deactivate(omar_officer, reason="Left.", actor=ada_admin, at=NOON)


def test_reactivate_of_an_open_account_is_refused(ada_admin, omar_officer):
    with pytest.raises(Refused, match="open already"):
        reactivate(omar_officer, actor=ada_admin, at=NOON)


@pytest.mark.parametrize("who", ["ada_admin", "omar_officer", "otto_auditor"])
def test_acts_on_accounts_by_oneself_or_without_the_role_are_refused(request, ada_admin, who):
    actor = request.getfixturevalue(who)

    for act in (
        lambda: deactivate(ada_admin, reason="Left.", actor=actor, at=NOON),
        lambda: reactivate(ada_admin, actor=actor, at=NOON),
        lambda: end_sessions(ada_admin, actor=actor, at=NOON),
    ):
        with pytest.raises(Refused):
            act()


def test_end_sessions_signs_out_everywhere(client, ada_admin, ana_applicant, sign_in):
    other = client.__class__()
    for browser in (client, other):
        sign_in(browser, ana_applicant)

    assert end_sessions(ana_applicant, actor=ada_admin, at=NOON) == 2

    for browser in (client, other):
        assert browser.get(reverse("accounts:profile")).status_code == 302


def test_change_profile_keeps_both_on_the_record(ana_applicant):
    change_profile(ana_applicant, name=" Ana Quill ", time_zone="America/Denver", actor=ana_applicant, at=NOON)

    ana = User.objects.get(pk=ana_applicant.pk)
    assert (ana.name, ana.time_zone) == ("Ana Quill", "America/Denver")
    assert timeline(ana)[0].facts["before"] == {"name": "Ana Applicant", "time_zone": ""}


def test_change_profile_with_bad_facts_names_every_field(ana_applicant):
    with pytest.raises(ValidationError) as caught:
        change_profile(ana_applicant, name=" ", time_zone="Mars/Olympus", actor=ana_applicant, at=NOON)

    assert sorted(caught.value.message_dict) == ["name", "time_zone"]


def test_change_profile_of_somebody_else_is_refused(ada_admin, ana_applicant):
    with pytest.raises(Refused):
        change_profile(ana_applicant, name="Another", time_zone="", actor=ada_admin, at=NOON)


def test_owns_address_asks_for_a_confirmed_one_in_any_case(ana_applicant, ben_colleague):
    assert owns_address(ana_applicant, "ANA@applicant.example")
    assert not owns_address(ben_colleague, "ana@applicant.example")


def test_people_are_visible_to_administrators_auditors_and_themselves(
    ada_admin, otto_auditor, omar_officer, ana_applicant
):
    assert User.objects.visible_to(ada_admin).count() == 4
    assert User.objects.visible_to(otto_auditor).count() == 4
    assert list(User.objects.visible_to(omar_officer)) == [omar_officer]
    assert list(User.objects.visible_to(ana_applicant)) == [ana_applicant]


def test_create_superuser_writes_the_address_in_lower_case():
    person = User.objects.create_superuser("Root@Example.org", PASSWORD, name="Root")

    assert (person.email, User.objects.get_by_natural_key("ROOT@example.org")) == ("root@example.org", person)
    assert str(person) == person.get_full_name() == person.get_short_name() == "Root"
