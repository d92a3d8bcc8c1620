"""The list of people and one person's page; whoever acts there proves again who they are."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.factories.sites import SeatFactory

pytestmark = pytest.mark.django_db
LIST = "/people/"


def page_of(person, name="person-detail", *more):
    return reverse(f"accounts:{name}", args=[person.public_id, *more])


def emails(client, **query):
    return [row.record.email for row in client.get(LIST, query).context["table"].page.object_list]


@pytest.mark.parametrize("who", ["ada_admin", "otto_auditor"])
def test_person_list_is_open_to_administrators_and_auditors(client, request, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(LIST).status_code == 200


@pytest.mark.parametrize("who", ["omar_officer", "dina_director", "fay_finance", "rita_reviewer", "lea_site_lead"])
def test_people_are_closed_to_everybody_else(client, request, ana_applicant, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(LIST).status_code == 403
    assert client.get(page_of(ana_applicant)).status_code == 403


def test_person_list_costs_the_same_with_1_and_30_people(client, ada_admin):
    client.force_login(ada_admin)
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for _ in range(30):
        SeatFactory(holder=UserFactory(roles=["reviewer", "auditor"]))

    with CaptureQueriesContext(connection) as many:
        client.get(LIST)

    assert len(many) == len(few) <= 12


def test_person_list_searches_and_filters(client, ada_admin, omar_officer, ana_applicant):
    client.force_login(ada_admin)
    ana_applicant.is_active = False
    ana_applicant.save()

    assert emails(client) == [ada_admin.email, ana_applicant.email, omar_officer.email]
    assert emails(client, q="OMAR") == [omar_officer.email]
    assert emails(client, role="administrator") == [ada_admin.email]
    assert emails(client, account="closed") == [ana_applicant.email]
    assert emails(client, sort="-name")[0] == omar_officer.email


def test_person_list_shows_seats_roles_and_second_step(client, ada_admin, omar_officer):
    TOTP.activate(omar_officer, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    for _ in range(2):
        SeatFactory(holder=omar_officer)
    SeatFactory(holder=omar_officer, ended_at="2027-01-01T00:00Z")
    client.force_login(ada_admin)

    row = client.get(LIST, {"q": "omar"}).context["table"].rows[0]

    assert row.get_cell("seats") == 2
    assert "Program officer" in row.get_cell("roles")
    assert "On" in row.get_cell("second_step")


def test_person_detail_shows_administrators_what_they_can_do(client, ada_admin, omar_officer):
    client.force_login(ada_admin)

    page = client.get(page_of(omar_officer)).content.decode()

    for name, more in (
        ("person-role-grant", []),
        ("person-role-revoke", ["officer"]),
        ("person-deactivate", []),
        ("person-end-sessions", []),
    ):
        assert page_of(omar_officer, name, *more) in page


def test_person_detail_is_read_only_for_auditors_and_of_oneself(client, ada_admin, otto_auditor, omar_officer):
    client.force_login(otto_auditor)
    assert page_of(omar_officer, "person-role-grant") not in client.get(page_of(omar_officer)).content.decode()

    client.force_login(ada_admin)
    page = client.get(page_of(ada_admin)).content.decode()
    assert "Nobody changes their own roles" in page
    assert page_of(ada_admin, "person-role-grant") not in page


def test_person_there_is_not_is_not_found(client, ada_admin):
    client.force_login(ada_admin)

    assert (
        client.get(reverse("accounts:person-detail", args=["00000000-0000-4000-8000-000000000000"])).status_code == 404
    )


def test_granting_a_role_asks_for_the_password_first(client, ada_admin, ana_applicant):
    client.force_login(ada_admin)

    answer = client.post(page_of(ana_applicant, "person-role-grant"), {"role": "officer"})

    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert ana_applicant.role_grants.count() == 0


def test_granting_a_role_gives_it(proven, client, ada_admin, ana_applicant):
    proven(client, ada_admin)

    answer = client.post(page_of(ana_applicant, "person-role-grant"), {"role": "officer", "granted_by": "1"})

    assert answer.url == page_of(ana_applicant)
    assert ana_applicant.role_grants.get().granted_by == ada_admin


def test_granting_a_role_to_a_site_lead_says_why_not(proven, client, ada_admin, ana_applicant):
    SeatFactory(holder=ana_applicant)
    proven(client, ada_admin)

    answer = client.post(page_of(ana_applicant, "person-role-grant"), {"role": "officer"})

    assert answer.status_code == 409
    assert "coalition&#x27;s team" in answer.content.decode()


def test_revoking_a_role_asks_then_takes_it(proven, client, ada_admin, omar_officer):
    proven(client, ada_admin)
    address = page_of(omar_officer, "person-role-revoke", "officer")

    assert "Take the role program officer from Omar Officer?" in client.get(address).content.decode()
    assert omar_officer.role_grants.exists()
    assert client.post(address).url == page_of(omar_officer)
    assert not omar_officer.role_grants.exists()
    assert client.post(address).status_code == 404


def test_closing_an_account_needs_a_reason(proven, client, ada_admin, ana_applicant):
    proven(client, ada_admin)
    address = page_of(ana_applicant, "person-deactivate")

    assert "Write a reason" in client.post(address).content.decode()
    client.post(address, {"reason": "Left."})
    assert not User.objects.get(pk=ana_applicant.pk).is_active
    assert "closed already" in client.post(address, {"reason": "Left."}).content.decode()


def test_opening_an_account_again(proven, client, ada_admin, ana_applicant):
    ana_applicant.is_active = False
    ana_applicant.save()
    proven(client, ada_admin)
    address = page_of(ana_applicant, "person-reactivate")

    client.post(address)

    assert User.objects.get(pk=ana_applicant.pk).is_active
    assert client.post(address).status_code == 409


def test_ending_sessions_signs_out(proven, client, ada_admin, ana_applicant, sign_in):
    other = client.__class__()
    sign_in(other, ana_applicant)
    proven(client, ada_admin)

    client.post(page_of(ana_applicant, "person-end-sessions"))

    assert other.get(reverse("accounts:profile")).status_code == 302


@pytest.mark.parametrize(
    ("name", "more"),
    [("person-role-grant", []), ("person-role-revoke", ["officer"]), ("person-deactivate", []), ("person-reactivate", []),
     ("person-end-sessions", [])],
)  # fmt: skip
@pytest.mark.parametrize("who", ["otto_auditor", "omar_officer", "lea_site_lead"])
def test_acts_are_refused_to_everybody_else(proven, client, request, olga_officer, name, more, who):
    proven(client, request.getfixturevalue(who))

    assert client.post(page_of(olga_officer, name, *more), {"role": "director", "reason": "x"}).status_code == 403


def test_profile_changes_name_and_zone_and_nothing_else(client, ana_applicant):
    client.force_login(ana_applicant)

    answer = client.post(
        reverse("accounts:profile"),
        {"name": "Ana Quill", "time_zone": "America/Denver", "email": "x@y.example", "is_superuser": "on"},
    )

    assert answer.url == reverse("accounts:profile")
    ana = User.objects.get(pk=ana_applicant.pk)
    assert (ana.name, ana.time_zone, ana.email, ana.is_superuser) == (
        "Ana Quill",
        "America/Denver",
        "ana@applicant.example",
        False,
    )


def test_profile_without_a_name_says_so(client, ana_applicant):
    client.force_login(ana_applicant)

    assert "Enter your full name" in client.post(reverse("accounts:profile"), {"name": " "}).content.decode()


def test_profile_keeps_a_zone_that_is_not_on_the_list(client, ana_applicant):
    ana_applicant.time_zone = "Europe/Vienna"
    ana_applicant.save()
    client.force_login(ana_applicant)

    assert '<option value="Europe/Vienna" selected>' in client.get(reverse("accounts:profile")).content.decode()


@pytest.mark.parametrize(
    ("zone", "shown"), [("", "Eastern"), ("America/Denver", "Mountain"), ("Mars/Olympus", "Eastern")]
)
def test_instants_are_shown_in_the_zone_a_person_chose(client, ada_admin, zone, shown):
    ada_admin.time_zone = zone
    ada_admin.save()
    client.force_login(ada_admin)
    client.post(reverse("accounts:profile"), {"name": "Ada", "time_zone": zone if zone != "Mars/Olympus" else ""})
    User.objects.filter(pk=ada_admin.pk).update(time_zone=zone)

    assert shown in client.get(page_of(ada_admin)).content.decode()
