"""Pages of amendments and versions: written down, checked, asked for, decided; who sees which."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.domain.amendment import request_amendment
from grants.enums import AmendmentKind, AmendmentState
from grants.models import Amendment
from portal import clock
from tests.factories.amendments import ASKED_AT, an_amendment, moved
from tests.factories.awards import an_award
from tests.factories.sites import PartnerFactory, a_site

pytestmark = pytest.mark.django_db
HUNDRED = Decimal("100000.00")
S = AmendmentState


@pytest.fixture(autouse=True)
def _spring():
    with clock.at(ASKED_AT):
        yield


@pytest.fixture
def award(lea_site_lead):
    return an_award(a_site(lea_site_lead, name="Harbor County Collaboration"), amounts=(HUNDRED,) * 5)


def text_of(response):
    return " ".join(response.content.decode().split())


def new_of(award, kind):
    return reverse("grants:amendment-new", args=[award.reference, kind])


def page_of(amendment):
    return reverse("grants:amendment-detail", args=[amendment.reference])


def grid_data(grid):
    return {f"amount_{year}_{component}": f"{amount:,}" for (year, component), amount in grid.items()}


def test_lead_moves_a_little_money_from_form_to_made(client, award, lea_site_lead):
    client.force_login(lea_site_lead)
    form = client.get(new_of(award, AmendmentKind.MOVE_MONEY))
    assert 'value="40,000"' in text_of(form)

    drafted = client.post(new_of(award, AmendmentKind.MOVE_MONEY), {**grid_data(moved(award)), "reason": "More rooms."})

    amendment = Amendment.objects.get()
    assert drafted.headers["Location"] == page_of(amendment)
    check = client.get(page_of(amendment))
    assert [(each.label, each.before, each.after, each.by) for each in check.context["changes"]] == [
        ("Year 1, Collaboration", "$40,000", "$35,000", "-$5,000"),
        ("Year 1, Partnerships", "$36,000", "$41,000", "+$5,000"),
    ]
    assert "small enough for the program’s rules" in text_of(check)

    asked = client.post(
        reverse("grants:amendment-request", args=[amendment.reference]), {"version": amendment.version}, follow=True
    )
    assert "Done: the award has changed." in text_of(asked)
    assert Amendment.objects.get().state == S.APPROVED
    assert "everybody signs again" in text_of(asked)


def test_check_page_says_what_is_wrong_and_offers_no_button(client, award, lea_site_lead):
    grid = moved(award, to=2)
    grid[2, "coherence"] += HUNDRED
    amendment = an_amendment(award, kind=AmendmentKind.MOVE_MONEY, amounts=grid)
    client.force_login(lea_site_lead)

    page = client.get(page_of(amendment))

    assert "$100,000 more than the award" in text_of(page)
    assert reverse("grants:amendment-request", args=[amendment.reference]) not in text_of(page)
    refused = client.post(
        reverse("grants:amendment-request", args=[amendment.reference]), {"version": amendment.version}, follow=True
    )
    assert "$100,000 more than the award" in text_of(refused)
    assert Amendment.objects.get().state == S.DRAFT


def test_amount_that_is_none_is_named_beside_its_field(client, award, lea_site_lead):
    client.force_login(lea_site_lead)

    response = client.post(
        new_of(award, AmendmentKind.MOVE_MONEY),
        {**grid_data(moved(award)), "amount_1_coherence": "a lot", "reason": "x"},
    )

    assert response.status_code == 422
    assert "Enter an amount in dollars" in text_of(response)
    assert 'value="a lot"' in text_of(response)


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("extend", {"ends_on": "2032-12-31"}, "31 Dec 2032"),
        ("people", {"people": "Ann Reyes follows Ben Ode."}, "Ann Reyes follows Ben Ode."),
        ("payee", {}, "Harbor Education Fund"),
    ],
)
def test_lead_writes_down_every_other_kind(client, award, lea_site_lead, kind, data, words):
    fund = PartnerFactory(site=award.site, name="Harbor Education Fund")
    client.force_login(lea_site_lead)
    if kind == "payee":
        data = {"payee": fund.pk}

    page = client.post(new_of(award, kind), {**data, "reason": "It is needed."}, follow=True)

    assert words in text_of(page)
    assert "Ask the foundation" in text_of(page)


def test_extension_too_far_is_said_beside_the_day(client, award, lea_site_lead):
    client.force_login(lea_site_lead)

    response = client.post(new_of(award, "extend"), {"ends_on": "2040-01-01", "reason": "Long."})

    assert response.status_code == 422
    assert response.context["form"].errors == {"ends_on": ["Choose 30 Jun 2033 or an earlier day."]}


def test_kind_that_does_not_exist_is_not_found(client, award, lea_site_lead):
    client.force_login(lea_site_lead)

    assert client.get(new_of(award, "weather")).status_code == 404


def test_second_change_is_told_which_one_is_open(client, award, lea_site_lead):
    amendment = an_amendment(award)
    client.force_login(lea_site_lead)

    page = client.get(new_of(award, "people"))
    posted = client.post(new_of(award, "people"), {"people": "Ann.", "reason": "New."})

    assert f"{amendment.reference} is open" in text_of(page)
    assert posted.status_code == 409


def test_draft_changed_by_a_colleague_meanwhile_shows_both_texts(client, award, lea_site_lead):
    amendment = an_amendment(award)
    Amendment.objects.filter(pk=amendment.pk).update(version=2, reason="The roof fell in.")
    client.force_login(lea_site_lead)

    response = client.post(
        reverse("grants:amendment-change", args=[amendment.reference]),
        {"reason": "The schools opened late, twice.", "ends_on": "2033-06-30", "version": 1},
    )

    assert response.status_code == 409
    assert "The roof fell in." in text_of(response)
    assert "The schools opened late, twice." in text_of(response)


def test_officer_recommends_and_director_approves_in_the_browser(client, award, omar_officer, dina_director):
    amendment = an_amendment(award, state=S.REQUESTED)
    client.force_login(omar_officer)
    page = client.get(page_of(amendment))
    assert [each.step.name for each in page.context["offers"]] == ["recommend", "decline"]

    step = reverse("grants:amendment-step", args=[amendment.reference, "recommend"])
    client.post(step, {"comment": "They need it.", "version": amendment.version})

    assert Amendment.objects.get().recommendation == "They need it."
    client.force_login(dina_director)
    page = client.get(page_of(amendment))
    assert [each.step.name for each in page.context["offers"]] == ["approve", "decline"]
    approve = client.get(reverse("grants:amendment-step", args=[amendment.reference, "approve"]))
    assert "reauthenticate" in approve.headers["Location"]


def test_officer_is_not_shown_another_kinds_steps(client, award, omar_officer):
    amendment = an_amendment(award, kind=AmendmentKind.PEOPLE, people="Ann for Ben.", state=S.REQUESTED)
    client.force_login(omar_officer)

    offers = client.get(page_of(amendment)).context["offers"]

    assert [each.step.name for each in offers] == ["agree", "decline"]


def test_versions_page_compares_any_two(client, award, lea_site_lead, omar_officer):
    request_amendment(
        an_amendment(award, kind=AmendmentKind.MOVE_MONEY, amounts=moved(award)), actor=lea_site_lead, at=ASKED_AT
    )
    an_amendment(award, state=S.APPROVED)
    url = reverse("grants:award-versions", args=[award.reference])
    client.force_login(lea_site_lead)

    page = client.get(url, {"first": 1, "second": 3})

    assert [story.version.number for story in page.context["stories"]] == [3, 2, 1]
    assert [each.label for each in page.context["compared"]] == [
        "Year 1, Collaboration", "Year 1, Partnerships", "Last day of the award",
    ]  # fmt: skip


@pytest.mark.parametrize("state", S)
def test_amendment_page_opens_in_every_state_for_team_and_staff(state, client, award, lea_site_lead, omar_officer):
    amendment = an_amendment(award, state=state)

    answers = []
    for person in (lea_site_lead, omar_officer):
        client.force_login(person)
        answers.append(client.get(page_of(amendment)).status_code)

    assert answers == [200, 404 if state == S.DRAFT else 200]


def test_list_asks_the_database_as_often_for_thirty_as_for_one(client, omar_officer):
    award = an_award(amounts=(Decimal("1000"),) * 5)
    an_amendment(award, state=S.DECLINED)
    client.force_login(omar_officer)
    urls = [reverse("grants:amendment-list"), reverse("grants:award-amendments", args=[award.reference])]
    few = [_queries(client, url) for url in urls]
    first = Amendment.objects.get()
    Amendment.objects.bulk_create(
        Amendment(
            reference=f"M-2027-9{number:03d}", award=award, kind=first.kind, state=first.state, reason="Again.",
            started_by=first.started_by, requested_by=first.requested_by, requested_at=first.requested_at,
            decided_by=first.decided_by, decided_at=first.decided_at, decision_reason="No.",
        )
        for number in range(29)
    )  # fmt: skip

    assert [_queries(client, url) for url in urls] == few


def _queries(client, url):
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)
