"""Who is offered which way through the portal: the links of the top bar, the account menu and the footer."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

OFFICE = frozenset({"officer", "director", "finance", "auditor"})
MONEY = OFFICE
RECORDS = frozenset({"officer", "director", "auditor", "administrator"})
ADMINISTRATION = frozenset({"auditor", "administrator"})
FOUNDATION = OFFICE | ADMINISTRATION

# The bar has room for this many links before the rest moves under "More".
ROOM = 7


@dataclass(frozen=True)
class Entry:
    """A link: its words, its route, and what else of the portal counts as being there (`grants:docket`, …)."""

    label: str
    route: str
    nouns: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()

    def is_current(self, view_name: str) -> bool:
        """Whether a route belongs under this link: the same noun, or one of its other nouns."""
        own = self.route.removesuffix("-list")
        return view_name == self.route or any(
            view_name == noun or view_name.startswith((f"{noun}-", f"{noun}_")) for noun in (own, *self.nouns)
        )


@dataclass(frozen=True)
class Link:
    """An entry as one page shows it; `current` is the value of aria-current, empty elsewhere."""

    label: str
    url: str
    current: str = ""


@dataclass(frozen=True)
class Navigation:
    """Every list of links of one page."""

    main: list[Link] = field(default_factory=list)
    more: list[Link] = field(default_factory=list)
    account: list[Link] = field(default_factory=list)
    footer: list[Link] = field(default_factory=list)


FOUNDATION_ENTRIES = (
    Entry("Today", "portal:home", roles=FOUNDATION),
    Entry(
        "Rounds",
        "grants:round-list",
        nouns=(
            "grants:question",
            "grants:criterion",
            "grants:proposal",
            "grants:screening",
            "grants:assignment",
            "grants:docket",
            "grants:decision",
            "grants:letter",
        ),
        roles=OFFICE,
    ),
    Entry("Sites", "sites:site-list", nouns=("sites:coalition", "grants:award", "grants:amendment"), roles=OFFICE),
    Entry(
        "Payments",
        "grants:payment-list",
        nouns=("grants:batch", "grants:condition", "grants:instalment", "grants:reconciliation", "grants:refund"),
        roles=MONEY,
    ),
    Entry("Reports", "reporting:report-list", nouns=("reporting:indicator",), roles=OFFICE),
)
FOUNDATION_MORE = (
    Entry("Proposals", "grants:proposal-list", roles=OFFICE),
    Entry("Reviews", "grants:review-list", roles=OFFICE),
    Entry("Reviewers", "grants:reviewer-list", nouns=("grants:disclosure",), roles=OFFICE),
    Entry("Dockets", "grants:docket-list", roles=OFFICE),
    Entry("Awards", "grants:award-list", roles=OFFICE),
    Entry("Mail log", "mail:message-list", roles=RECORDS),
    Entry("Activity", "activity:entry-list", roles=RECORDS),
    Entry("People", "accounts:person-list", roles=ADMINISTRATION),
    Entry("Districts", "sites:district-list", roles=frozenset({"officer", "administrator"})),
    Entry("Components", "sites:component-list", nouns=("sites:issue",), roles=frozenset({"administrator"})),
    Entry("Help", "portal:help", roles=FOUNDATION),
)
SEAT_ENTRIES = (
    Entry("Proposals", "grants:proposal-list", nouns=("grants:submission", "grants:attachment")),
    Entry("Awards", "grants:award-list", nouns=("grants:payment", "grants:amendment")),
    Entry("Reports", "reporting:report-list", nouns=("reporting:indicator",)),
    Entry("Our coalition", "sites:coalition-list", nouns=("sites:seat", "sites:partner", "sites:school")),
)
HOME = Entry("Home", "portal:home")
OPEN_CALLS = Entry("Open calls", "grants:call-list")
HELP = Entry("Help", "portal:help")
REVIEWS = Entry("Reviews", "grants:review-list")
VISITOR_ENTRIES = (OPEN_CALLS, HELP, Entry("Sign in", "account_login"), Entry("Sign up", "account_signup"))
ACCOUNT_ENTRIES = (
    Entry("Name and time zone", "accounts:profile"),
    Entry("E-mail address", "account_email"),
    Entry("Password", "account_change_password"),
    Entry("Two-step sign-in", "mfa_index", nouns=("mfa",)),
    Entry("Where you are signed in", "usersessions_list"),
)
FOOTER_ENTRIES = (
    OPEN_CALLS,
    HELP,
    Entry("Accessibility", "portal:accessibility"),
    Entry("Privacy", "portal:privacy"),
)


def entries_for(user) -> tuple[list[Entry], list[Entry]]:
    """The entries in the bar and under "More" for one person, by the roles and seats they hold now."""
    if not user.is_authenticated:
        return list(VISITOR_ENTRIES), []
    main = [entry for entry in FOUNDATION_ENTRIES if entry.roles & user.roles]
    more = [entry for entry in FOUNDATION_MORE if entry.roles & user.roles]
    if not main:
        main = [HOME]
    if "reviewer" in user.roles:
        main.append(REVIEWS)
    if user.has_seats:
        main += [entry for entry in SEAT_ENTRIES if entry.route not in {each.route for each in main}]
    more = [entry for entry in more if entry.route not in {each.route for each in main}]
    if not more:
        main += [HELP] if user.has_seats or "reviewer" in user.roles else [OPEN_CALLS, HELP]
    if len(main) + len(more) <= ROOM:
        return main + more, []
    return main, more


def links(entries, request) -> list[Link]:
    """Entries resolved for one request, the one the reader is under marked as current."""
    match = request.resolver_match
    view_name = match.view_name if match else ""
    found = []
    for entry in entries:
        if entry.route in AWAITED:
            continue
        current = "page" if view_name == entry.route else "true" if entry.is_current(view_name) else ""
        found.append(Link(entry.label, reverse(entry.route), current))
    return found


# Routes whose pages are still being built. A route leaves this list with the commit that brings its page; the tests
# refuse a route that is listed here and exists, and one that is not listed and does not.
AWAITED: frozenset[str] = frozenset()


def navigation_of(request) -> Navigation:
    """Every list of links of the page this request asks for."""
    main, more = entries_for(request.user)
    account = ACCOUNT_ENTRIES if request.user.is_authenticated else ()
    return Navigation(
        links(main, request), links(more, request), links(account, request), links(FOOTER_ENTRIES, request)
    )


def navigation(request):
    """Context processor: `navigation`, made only when a template asks, so fragments and error pages cost nothing."""
    return {"navigation": SimpleLazyObject(lambda: navigation_of(request))}
