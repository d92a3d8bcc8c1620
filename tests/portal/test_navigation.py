"""Who is offered which way through the portal."""

from types import SimpleNamespace

import pytest
from django.urls import NoReverseMatch, reverse

from portal import navigation as nav
from portal.navigation import AWAITED, Entry, entries_for


def _user(*roles, seats=False, signed_in=True):
    return SimpleNamespace(roles=frozenset(roles), has_seats=seats, is_authenticated=signed_in)


def _labels(user):
    return tuple([entry.label for entry in entries] for entries in entries_for(user))


OFFICE_MAIN = ["Today", "Rounds", "Sites", "Payments", "Reports"]
OFFICE_MORE = ["Proposals", "Reviews", "Reviewers", "Dockets", "Awards", "Mail log", "Activity"]


@pytest.mark.parametrize(
    ("user", "main", "more"),
    [
        (_user(signed_in=False), ["Open calls", "Help", "Sign in", "Sign up"], []),
        (_user(), ["Home", "Open calls", "Help"], []),
        (_user(seats=True), ["Home", "Proposals", "Awards", "Reports", "Our coalition", "Help"], []),
        (_user("reviewer"), ["Home", "Reviews", "Help"], []),
        (
            _user("reviewer", seats=True),
            ["Home", "Reviews", "Proposals", "Awards", "Reports", "Our coalition", "Help"],
            [],
        ),
        (_user("officer"), OFFICE_MAIN, [*OFFICE_MORE, "Districts", "Help"]),
        (_user("director"), OFFICE_MAIN, [*OFFICE_MORE, "Help"]),
        (_user("finance"), OFFICE_MAIN, ["Proposals", "Reviews", "Reviewers", "Dockets", "Awards", "Help"]),
        (_user("auditor"), OFFICE_MAIN, [*OFFICE_MORE, "People", "Help"]),
        (_user("administrator"), ["Today", "Mail log", "Activity", "People", "Districts", "Components", "Help"], []),
        (
            _user("officer", "reviewer"),
            [*OFFICE_MAIN, "Reviews"],
            ["Proposals", "Reviewers", "Dockets", "Awards", "Mail log", "Activity", "Districts", "Help"],
        ),
    ],
)
def test_entries_follow_roles_and_seats(user, main, more):
    assert _labels(user) == (main, more)


@pytest.mark.parametrize(
    ("route", "nouns", "view_name", "current"),
    [
        ("grants:round-list", (), "grants:round-list", True),
        ("grants:round-list", (), "grants:round-detail", True),
        ("grants:round-list", ("grants:docket",), "grants:docket-detail", True),
        ("grants:round-list", (), "grants:roundup-list", False),
        ("portal:home", (), "portal:help", False),
        ("mfa_index", ("mfa",), "mfa_activate_totp", True),
    ],
)
def test_entry_is_current_for_the_routes_of_its_nouns(route, nouns, view_name, current):
    assert Entry("Here", route, nouns).is_current(view_name) is current


ROUTES = sorted(
    {
        entry.route
        for entries in vars(nav).values()
        if isinstance(entries, tuple)
        for entry in entries
        if isinstance(entry, Entry)
    }
    | {entry.route for entry in vars(nav).values() if isinstance(entry, Entry)}
)


@pytest.mark.parametrize("route", ROUTES)
def test_route_exists_unless_it_is_awaited(route):
    if route in AWAITED:
        with pytest.raises(NoReverseMatch):
            reverse(route)
    else:
        assert reverse(route)


def test_awaited_routes_are_all_in_the_tables():
    assert set(ROUTES) >= AWAITED


def test_links_mark_where_the_reader_is(rf):
    request = rf.get("/accounts/login/")
    request.resolver_match = SimpleNamespace(view_name="account_login")

    links = nav.links([Entry("Sign in", "account_login"), Entry("Sign up", "account_signup")], request)

    assert [(link.label, link.current) for link in links] == [("Sign in", "page"), ("Sign up", "")]
