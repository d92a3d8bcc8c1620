"""Home as a to-do list, help and statements for everybody, and whether the process is alive and ready."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal import breaker, todo
from portal.todo import Todo
from tests.conftest import NOON
from tests.factories.sites import SeatFactory, a_site

HOME = "/"


@pytest.fixture
def todos(monkeypatch):
    """What waits for everybody, instead of what the apps would say."""
    waiting = []
    monkeypatch.setattr(todo, "_providers", [lambda user, at: waiting])
    return waiting


def page(client, person):
    client.force_login(person)
    return client.get(HOME).content.decode()


@pytest.mark.django_db
def test_home_sends_visitors_to_the_open_calls(client):
    assert client.get(HOME).url == reverse("grants:call-list")


@pytest.mark.django_db
def test_home_lists_what_is_due_first_and_marks_what_is_late(client, ana_applicant, todos, noon):
    todos += [
        Todo("Write the story", "/story/"),
        Todo("Answer the reviewers", "/answer/", about="Harbor County", due=NOON + timedelta(days=2)),
        Todo("Send the report", "/report/", due=date(2026, 10, 4)),
    ]

    shown = page(client, ana_applicant)

    assert shown.index("Send the report") < shown.index("Answer the reviewers") < shown.index("Write the story")
    assert shown.count("Overdue") == 1
    assert '<a href="/answer/">Answer the reviewers</a>' in shown


@pytest.mark.django_db
def test_home_of_a_new_account_invites_to_found_a_coalition_and_read_the_calls(client, ana_applicant, todos):
    shown = page(client, ana_applicant)

    assert "Welcome, Ana" in shown
    assert reverse("sites:coalition-new") in shown
    assert reverse("grants:call-list") in shown


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("omar_officer", "What you have to decide"),
        ("rita_reviewer", "What is assigned to you"),
        ("ada_admin", "What is assigned to you"),
    ],
)
def test_home_with_nothing_to_do_says_so_to_each_role(client, request, todos, who, sentence):
    shown = page(client, request.getfixturevalue(who))

    assert "Nothing waits for you" in shown
    assert sentence in shown


@pytest.mark.django_db
def test_home_of_a_team_with_nothing_to_do_leads_to_its_coalitions(client, lea_site_lead, todos):
    a_site(lead=lea_site_lead)

    assert reverse("sites:coalition-list") in page(client, lea_site_lead)


@pytest.mark.django_db
def test_home_asks_a_lead_to_complete_the_coalition(client, lea_site_lead):
    site = SeatFactory(holder=lea_site_lead, role="lead").site

    shown = page(client, lea_site_lead)

    assert "Complete your coalition" in shown
    assert reverse("sites:coalition-detail", args=[site.reference]) in shown


@pytest.mark.django_db
def test_home_tells_officers_of_a_site_without_a_lead(client, omar_officer, lea_site_lead):
    a_site(lead=lea_site_lead)
    assert "Find a new lead" not in page(client, omar_officer)
    lea_site_lead.is_active = False
    lea_site_lead.save()

    assert "Find a new lead" in page(client, omar_officer)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["lea_site_lead", "omar_officer"])
def test_home_costs_the_same_with_1_and_30_sites(client, request, who):
    person = request.getfixturevalue(who)
    SeatFactory(holder=person, role="lead")
    client.force_login(person)
    client.get(HOME)
    with CaptureQueriesContext(connection) as one:
        client.get(HOME)
    for _ in range(29):
        SeatFactory(holder=person, role="lead")

    with CaptureQueriesContext(connection) as thirty:
        client.get(HOME)

    assert len(thirty) == len(one)


@pytest.mark.parametrize(
    ("due", "overdue"),
    [
        (None, False),
        (NOON, False),
        (NOON - timedelta(seconds=1), True),
        (date(2026, 10, 5), False),
        (date(2026, 10, 4), True),
    ],
)
def test_todo_is_overdue_once_its_time_has_passed(due, overdue):
    assert Todo("Do it", "/", due=due).is_overdue(NOON) is overdue


def test_todo_due_on_a_day_lasts_until_that_day_ends_at_the_foundation():
    late_evening = datetime(2026, 10, 6, 3, 59, tzinfo=UTC)

    assert not Todo("Do it", "/", due=date(2026, 10, 5)).is_overdue(late_evening)
    assert Todo("Do it", "/", due=date(2026, 10, 5)).is_overdue(late_evening + timedelta(minutes=1))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["help", "accessibility", "privacy"])
def test_statements_are_open_to_visitors_and_to_people(client, ana_applicant, name):
    assert client.get(reverse(f"portal:{name}")).status_code == 200
    client.force_login(ana_applicant)
    assert client.get(reverse(f"portal:{name}")).status_code == 200


def test_livez_answers_without_a_database(client):
    answer = client.get(reverse("portal:livez"))

    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_readyz_says_that_everything_is_there(client):
    answer = client.get(reverse("portal:readyz"))

    assert (answer.status_code, answer.json()) == (200, {"ready": True, "missing": []})


@pytest.fixture
def _closed_breaker():
    """The broker is asked again by the tests that follow."""
    yield
    breaker.redis.reset()


@pytest.mark.django_db
@pytest.mark.usefixtures("_closed_breaker")
def test_readyz_names_a_broker_that_does_not_answer(client, settings):
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"},
    }

    answer = client.get(reverse("portal:readyz"))

    assert (answer.status_code, answer.json()["missing"]) == (503, ["broker"])


@pytest.mark.django_db
def test_readyz_names_migrations_that_were_not_run(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'grant_sites'")

    answer = client.get(reverse("portal:readyz"))

    assert (answer.status_code, answer.json()["missing"]) == (503, ["migrations"])


@pytest.mark.django_db
def test_readyz_names_a_storage_that_is_not_there(client, settings, tmp_path):
    (tmp_path / "media").write_text("a file where the folder should be")
    settings.MEDIA_ROOT = tmp_path / "media"

    answer = client.get(reverse("portal:readyz"))

    assert (answer.status_code, answer.json()["missing"]) == (503, ["storage"])
