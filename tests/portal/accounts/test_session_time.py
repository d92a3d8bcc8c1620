"""When a session is over: nothing done for too long, or signed in too long ago; what was typed comes back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from portal import clock

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 10, 5, 13, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PAGE = reverse("accounts:profile")


@pytest.fixture(autouse=True)
def _lifetimes(settings):
    settings.SESSION_IDLE_MINUTES_STAFF, settings.SESSION_HOURS_STAFF = 60, 12
    settings.SESSION_IDLE_MINUTES, settings.SESSION_HOURS = 24 * 60, 14 * 24


@pytest.fixture
def enter(client):
    """A function that signs a person in, in the morning."""

    def sign_in(person):
        with clock.at(MORNING):
            client.force_login(person)

    return sign_in


def ask(client, after, **extra):
    with clock.at(MORNING + after):
        return client.get(PAGE, **extra)


def told(response):
    return [str(each) for each in response.context["messages"]]


@pytest.mark.parametrize(
    ("person", "idle"),
    [("omar_officer", HOUR), ("rita_reviewer", HOUR), ("ana_applicant", DAY), ("lea_site_lead", DAY)],
)
def test_session_without_activity_ends_after_the_time_of_the_role(person, idle, client, enter, request):
    enter(request.getfixturevalue(person))

    assert ask(client, idle).status_code == 200
    assert ask(client, idle + idle).status_code == 200
    assert ask(client, 3 * idle + MINUTE).url == f"{reverse('account_login')}?next={PAGE}"


def test_session_that_ended_is_gone_from_the_table_and_says_why(client, omar_officer, enter):
    enter(omar_officer)

    with clock.at(MORNING + HOUR + MINUTE):
        answer = client.get(PAGE, follow=True)

    assert told(answer) == ["You were signed out, because nothing was done here for 1 hour."]
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("person", "longest", "step"), [("omar_officer", 12 * HOUR, HOUR), ("ana_applicant", 14 * DAY, DAY)]
)
def test_session_ends_in_the_end_whatever_was_done(person, longest, step, client, enter, request):
    enter(request.getfixturevalue(person))
    for number in range(1, longest // step + 1):
        assert ask(client, number * step).status_code == 200

    with clock.at(MORNING + longest + MINUTE):
        answer = client.get(PAGE, follow=True)

    words = "12 hours" if person == "omar_officer" else "14 days"
    assert told(answer) == [f"You were signed out: everybody signs in anew after {words}."]


def test_page_that_asks_for_news_by_itself_does_not_prolong_the_session(client, omar_officer, enter):
    enter(omar_officer)

    assert ask(client, 50 * MINUTE, headers={"HX-Request": "true"}).status_code == 200
    late = ask(client, 61 * MINUTE, headers={"HX-Request": "true"})

    assert (late.status_code, late.content) == (401, b"You are signed out.")


def test_page_that_saves_what_is_typed_prolongs_the_session(client, omar_officer, enter):
    enter(omar_officer)

    with clock.at(MORNING + 50 * MINUTE):
        client.post(PAGE, {"name": "Omar", "time_zone": ""}, headers={"HX-Request": "true"})

    assert ask(client, 100 * MINUTE).status_code == 200


def test_form_sent_after_the_end_comes_back_with_what_was_typed(client, omar_officer, enter):
    enter(omar_officer)

    with clock.at(MORNING + 2 * HOUR):
        answer = client.post(PAGE, {"name": "Omar the Second", "time_zone": ""})

    assert answer.status_code == 401
    assert "Omar the Second" in answer.content.decode()
    omar_officer.refresh_from_db()
    assert omar_officer.name == "Omar Officer"


def test_activity_of_another_session_does_not_count(client, omar_officer, enter):
    enter(omar_officer)
    ask(client, 50 * MINUTE)
    stolen = client.cookies["active"].value
    other = client.__class__()
    with clock.at(MORNING):
        other.force_login(omar_officer)

    other.cookies["active"] = stolen

    assert ask(other, 70 * MINUTE).status_code == 302


@pytest.mark.parametrize("value", ["", "1", "99999999999", "99999999999:forged", ":"])
def test_activity_that_was_not_sealed_here_does_not_count(value, client, omar_officer, enter):
    enter(omar_officer)
    client.cookies["active"] = value

    assert ask(client, HOUR + MINUTE).status_code == 302


def test_session_that_does_not_say_when_it_began_is_over(client, ana_applicant, enter):
    enter(ana_applicant)
    session = client.session
    del session["began"]
    session.save()

    assert ask(client, MINUTE).status_code == 302


def test_visit_writes_and_asks_nothing_more_for_the_sake_of_its_time(
    client, ana_applicant, enter, django_assert_num_queries
):
    enter(ana_applicant)
    ask(client, HOUR)

    with clock.at(MORNING + 2 * HOUR), django_assert_num_queries(4):  # session, person, roles, seats
        client.get(reverse("portal:help"))


def test_role_given_meanwhile_shortens_the_session(client, ana_applicant, enter):
    enter(ana_applicant)
    ask(client, MINUTE)
    ana_applicant.role_grants.create(role="finance", granted_at=MORNING)

    assert ask(client, 2 * HOUR).status_code == 302


def test_new_password_starts_no_new_lifetime(client, omar_officer, enter):
    """The session's key changes then; its beginning does not."""
    enter(omar_officer)
    for number in range(1, 12):
        ask(client, number * HOUR)
    key = client.session.session_key
    session = client.session
    session.cycle_key()
    client.cookies["sessionid"] = session.session_key

    assert session.session_key != key
    assert ask(client, 12 * HOUR + MINUTE).status_code == 302
