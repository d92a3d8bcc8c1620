"""Who is answered what: every route of the resolver, asked by every role, with GET and with POST."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from operator import attrgetter

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY, record_authentication
from django.conf import settings
from django.http import HttpRequest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from portal import clock
from portal.accounts.domain.person import deactivate
from portal.accounts.domain.role import revoke_role
from portal.accounts.enums import Role
from sites.domain.seat import end_seat
from tests.factories.accounts import UserFactory
from tests.guards.routes import PUBLIC, ROUTES
from tests.guards.routes.route import PEOPLE, VISITOR
from tests.guards.world import NOW, build, undone, writes

pytestmark = pytest.mark.django_db
# Who may do what does not depend on the database. That every page opens and every act is carried out is seen with both.
once = pytest.mark.once
AN_HOUR = 3600
# What a form never asks for and somebody might send along all the same.
CONTRABAND = "31337"
NOT_ASKED = (
    "id", "pk", "reference", "state", "site", "site_id", "round_id", "proposal_id", "award_id", "amount", "envelope",
    "is_staff", "is_superuser", "is_active", "roles", "actor", "granted_by", "prepared_by", "released_by", "approved_by",
    "created_by", "holder", "reviewer_id", "submitted_at", "approved_at", "paid_at", "issued", "email_verified",
)  # fmt: skip
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OPEN_WITHOUT_SECOND_FACTOR = (
    "mfa_", "account_", "usersessions_", "portal:help", "portal:privacy", "portal:accessibility", "portal:livez",
    "portal:readyz", "portal:brand-",
)  # fmt: skip
ACTORS = [VISITOR, *sorted(PEOPLE)]


def _groups(wanted=lambda route: True):
    """The routes in two halves, so that two workers build the world once each."""
    return [
        pytest.param(route, id=route.id, marks=pytest.mark.xdist_group(f"matrix-{number % 2}"))
        for number, route in enumerate(ROUTES)
        if wanted(route)
    ]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Built once; what a request writes is taken back after it, and the whole of it in the end."""
    with django_db_blocker.unblock(), clock.at(NOW), undone():
        made = build()
        made.sessions = {name: _session_of(person) for name, person in made.people.items()}
        yield made


class Asking:
    """Asks as somebody and says in a word what was answered; everything written is taken back."""

    def __init__(self, world):
        self.sessions = world.sessions
        self.browser = Client()
        self.written = []
        self.body, self.headers = "", {}

    def __call__(self, actor, method, url, data=None) -> str:
        self.browser.cookies.clear()
        if actor != VISITOR:
            self.browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[actor]
        with undone(), writes() as self.written:
            try:
                response = self.browser.get(url) if method == "GET" else self.browser.post(url, data or {})
            except Exception as failure:  # the matrix shows what broke beside what did not
                return f"{type(failure).__name__}: {failure}"
            content = b"".join(response.streaming_content) if response.streaming else response.content
            self.body, self.headers = content.decode(errors="replace"), response.headers
        # That a GET writes nothing is seen to by the plugin, which knows the library's few exceptions.
        return _word(response, len(self.written) if method == "POST" else 0)


@pytest.fixture
def ask(world):
    """A function `(actor, method, url, data) -> word`."""
    return Asking(world)


def _session_of(person, *, proved=True) -> str:
    """The key of a session; when `proved`, the password was asked for so lately that no step asks again in this run."""
    browser = Client()
    browser.force_login(person)
    if not proved:
        return browser.session.session_key
    request = HttpRequest()
    request.session = session = browser.session
    record_authentication(request, person, method="password", reauthenticated=True)
    session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] += AN_HOUR
    session.save()
    return session.session_key


def _word(response, written: int) -> str:
    where = response.headers.get("Location", "")
    # What somebody typed before their session ended is given back instead of sending them away.
    if where.startswith(reverse("account_login") + "?") or response.status_code == 401:
        word = "login"
    elif where.startswith((reverse("account_reauthenticate"), reverse("mfa_reauthenticate"))):
        word = "prove"
    elif where == reverse("mfa_index") and not written:
        word = "set up"
    elif response.status_code in {200, 302, 409, 422}:
        word = "does" if written else "opens"
    else:
        word = str(response.status_code)
    return word if not written or word == "does" else f"{word}, but wrote"


def _expected(route, actor: str, method: str) -> str:
    allowed = route.get if method == "GET" else route.post
    if actor == VISITOR and route.name not in PUBLIC:
        return "login"
    if route.refusal and actor not in (route.get if allowed is None else allowed):
        return route.refusal
    if allowed is None:
        return "405"
    if actor in allowed:
        return "does" if method == "POST" and route.data is not None else "opens"
    if actor not in route.sees:
        return "404"
    return "opens" if method == "POST" and actor in route.told else "403"


def _url(route, world) -> str:
    return reverse(route.name, args=[_value(each, world) for each in route.args])


def _value(text: str, world):
    """`=ours.draft.reference` is looked up in the world; anything else stands for itself."""
    return attrgetter(text[1:])(world) if text.startswith("=") else text


def _not_for(who: str, world) -> list[str]:
    """Names and numbers that this person must never read: the other site's, and what is decided behind closed doors."""
    ours, theirs = world.ours, world.theirs
    foreign = [theirs.site.name, *(each.reference for each in vars(theirs).values() if hasattr(each, "reference"))]
    behind_doors = [ours.docket, ours.sent, ours.approved, ours.secret, ours.given]
    if who == "lead":
        behind_doors += [ours.review, ours.asked]
    return foreign + [each.reference for each in behind_doors]


def _with_their_part(args):
    """The address with its last record replaced by the same one of the other site."""
    last = max(place for place, each in enumerate(args) if each.startswith("=ours."))
    return (*args[:last], args[last].replace("=ours.", "=theirs."), *args[last + 1 :])


def _data(route, world) -> dict:
    return {name: _value(value, world) for name, value in (route.data or {}).items()}


def _named(patterns, namespace=""):
    for each in patterns:
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from _named(each.url_patterns, inner)
        else:
            yield f"{namespace}{each.name}", each.callback


def test_every_route_of_the_resolver_is_declared():
    declared = {route.name for route in ROUTES}
    found = {name for name, _ in _named(get_resolver().url_patterns)}

    assert (found - declared, declared - found) == (set(), set())


def test_routes_open_to_visitors_are_the_ones_listed_here():
    found = {name for name, view in _named(get_resolver().url_patterns) if not getattr(view, "login_required", True)}

    assert found == PUBLIC


@once
@pytest.mark.parametrize("route", _groups())
def test_route_answers_every_role_as_declared(route, world, ask):
    url = _url(route, world)
    data = _data(route, world)
    surprises = defaultdict(list)
    for actor in ACTORS:
        for method in ("GET", "POST"):
            answer, expected = ask(actor, method, url, data), _expected(route, actor, method)
            if answer != expected:
                surprises[f"{method}: {answer}, and not {expected}"].append(actor)

    assert dict(surprises) == {}


@once
@pytest.mark.parametrize("route", _groups(lambda route: route.is_nested))
def test_part_of_another_sites_record_behind_ones_own_is_not_found(route, world, ask):
    foreign = replace(route, args=_with_their_part(route.args))
    allowed = route.get or route.post

    answer = ask(min(allowed), "GET" if route.get else "POST", _url(foreign, world), _data(route, world))

    assert answer == "404"


@once
@pytest.mark.parametrize("route", _groups(lambda route: bool((route.get or set()) & {"lead", "reviewer"})))
def test_page_tells_its_reader_nothing_of_what_is_not_theirs(route, world, ask):
    told = {}
    for who in {"lead", "reviewer"} & route.get:
        answer = ask(who, "GET", _url(route, world))
        assert answer in {"opens", "prove"}
        told[who] = [words for words in _not_for(who, world) if words in ask.body]

    assert [words for words in told.values() if words] == []


@pytest.mark.parametrize("route", _groups(lambda route: bool(route.get)))
def test_answer_carries_the_headers_that_protect_its_reader(route, world, ask):
    ask(min(route.get), "GET", _url(route, world))
    found = dict(ask.headers)

    policy = found.pop("Content-Security-Policy", "")
    assert "default-src 'none'" in policy
    assert "'unsafe-eval'" not in policy
    assert HEADERS.items() - found.items() == set()
    assert route.name == "portal:brand-stylesheet" or min(route.get) == VISITOR or "no-store" in found["Cache-Control"]


@pytest.mark.parametrize("route", _groups(lambda route: route.data is not None))
def test_fields_nobody_asked_for_change_nothing(route, world, ask):
    smuggled = {name: CONTRABAND for name in NOT_ASKED if name not in route.data}

    ask(min(route.post), "POST", _url(route, world), smuggled | _data(route, world))

    assert [sql for sql, params in ask.written if CONTRABAND in str(params)] == []


@once
@pytest.mark.parametrize("route", _groups(lambda route: route.step_up))
def test_grave_act_without_a_fresh_password_asks_for_it(route, world, ask):
    world.sessions["stale"] = _session_of(world.people[min(route.post)], proved=False)

    answers = [ask("stale", method, _url(route, world), _data(route, world)) for method in ("GET", "POST")]

    assert answers == ["prove" if route.get else "405", "prove"]


@once
@pytest.mark.parametrize("route", _groups(lambda route: bool(route.post)))
def test_form_without_its_token_is_refused(route, world, ask):
    ask.browser.handler.enforce_csrf_checks = True

    assert ask(min(route.post), "POST", _url(route, world), _data(route, world)) == "403"


@once
@pytest.mark.parametrize("route", _groups(lambda route: not route.name.startswith(OPEN_WITHOUT_SECOND_FACTOR)))
def test_staff_without_a_second_factor_get_no_further_than_setting_one_up(route, world, ask, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    url, data = _url(route, world), _data(route, world)

    answers = {ask(actor, method, url, data) for actor in ("officer", "reviewer") for method in ("GET", "POST")}

    assert answers == {"set up"}


@once
@pytest.mark.parametrize(
    ("who", "name", "before", "after"),
    [
        ("officer", "grants:round-list", "opens", "403"),
        ("director", "grants:docket-list", "opens", "403"),
        ("finance", "sites:site-list", "opens", "403"),
        ("auditor", "activity:entry-list", "opens", "403"),
        ("administrator", "accounts:person-list", "opens", "403"),
    ],
)
@pytest.mark.xdist_group("matrix-1")
def test_role_taken_away_is_gone_with_the_next_request(world, ask, who, name, before, after):
    url = reverse(name)
    assert ask(who, "GET", url) == before
    other = UserFactory(roles=[Role.ADMINISTRATOR])

    revoke_role(world.people[who], min(world.people[who].roles), actor=other, at=NOW)

    assert ask(who, "GET", url) == after


@once
@pytest.mark.xdist_group("matrix-1")
def test_seat_that_ended_is_gone_with_the_next_request(world, ask):
    url = reverse("grants:award-detail", args=[world.ours.award.reference])
    assert ask("viewer", "GET", url) == "opens"

    end_seat(world.ours.seat, actor=world.ours.lead, at=NOW)

    assert ask("viewer", "GET", url) == "404"


@once
@pytest.mark.xdist_group("matrix-1")
def test_account_that_was_closed_is_signed_out_with_the_next_request(world, ask):
    assert ask("officer", "GET", reverse("grants:round-list")) == "opens"

    deactivate(world.people["officer"], reason="Left.", actor=world.people["administrator"], at=NOW)

    assert ask("officer", "GET", reverse("grants:round-list")) == "login"
