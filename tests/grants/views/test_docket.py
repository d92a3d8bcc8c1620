"""The pages of dockets: the list, a new one, the table against the envelope."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from grants.domain.docket import prepare_docket
from grants.enums import ProposalState
from grants.models import Docket
from portal import clock
from portal.accounts.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.awards import an_award
from tests.factories.dockets import DECIDED_AT, a_docket, a_reviewed_proposal, an_envelope
from tests.factories.proposals import ProposalFactory
from tests.factories.reviews import a_review
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
LIST = reverse("grants:docket-list")
NEW = reverse("grants:docket-new")


@pytest.fixture(autouse=True)
def _an_hour_later():
    with clock.at(DECIDED_AT + timedelta(hours=1)):
        yield


@pytest.fixture
def proposal():
    return a_reviewed_proposal(site=a_site(name="Harbor Promise"), title="Every School, Every Family")


@pytest.fixture
def docket(proposal, omar_officer):
    return a_docket(proposal.round, officer=omar_officer)


def url_of(docket):
    return reverse("grants:docket-detail", args=[docket.reference])


# --- the list and a new one ---


@pytest.mark.parametrize("who", ["omar_officer", "dina_director", "fay_finance", "otto_auditor"])
def test_list_shows_staff_every_docket_with_its_money(who, request, client, docket):
    client.force_login(request.getfixturevalue(who))

    (row,) = client.get(LIST).context["page"]

    assert (row, row.line_count, row.award_count, row.award_sum) == (docket, 1, 1, Decimal("1200000.00"))


@pytest.mark.parametrize("who", ["rita_reviewer", "ana_applicant", "ada_admin"])
def test_list_is_forbidden_to_others(who, request, client, docket):
    client.force_login(request.getfixturevalue(who))

    assert client.get(LIST).status_code == 403
    assert client.get(url_of(docket)).status_code == 404


def test_list_of_a_round_leaves_the_others_out(client, docket, omar_officer):
    a_docket(officer=omar_officer)
    client.force_login(omar_officer)

    assert list(client.get(LIST, {"round": docket.round.reference}).context["page"]) == [docket]


def test_new_docket_of_a_round_is_prepared(client, proposal, omar_officer):
    client.force_login(omar_officer)

    page = client.get(NEW, {"round": proposal.round.reference})
    response = client.post(NEW, {"round": proposal.round.pk, "title": "Board docket, 14 April"})

    assert page.context["form"].initial == {"round": proposal.round, "title": "Docket, 15 Feb 2027"}
    assert response.url == url_of(Docket.objects.get())


def test_new_docket_offers_rounds_with_proposals_in_review_only(client, proposal, omar_officer):
    ProposalFactory(state=ProposalState.SUBMITTED)
    client.force_login(omar_officer)

    assert list(client.get(NEW).context["form"].fields["round"].queryset) == [proposal.round]


def test_new_docket_without_a_round_is_kept_open(client, proposal, omar_officer):
    client.force_login(omar_officer)

    response = client.post(NEW, {"round": "", "title": "Board docket"})

    assert response.status_code == 422
    assert not Docket.objects.exists()


@pytest.mark.parametrize("who", ["dina_director", "otto_auditor", "rita_reviewer"])
def test_new_docket_by_others_is_forbidden(who, request, client, proposal):
    client.force_login(request.getfixturevalue(who))

    response = client.post(NEW, {"round": proposal.round.pk, "title": "Board docket"})

    assert response.status_code == 403
    assert not Docket.objects.exists()


@pytest.mark.parametrize("rows", [1, 30])
def test_list_takes_the_same_queries_for_any_number_of_rows(
    rows, client, proposal, omar_officer, django_assert_max_num_queries
):
    for _ in range(rows):
        a_docket(proposal.round, officer=omar_officer)
    client.force_login(omar_officer)

    with django_assert_max_num_queries(10):
        assert len(client.get(LIST).context["page"]) == rows


# --- the table ---


def test_table_shows_means_normalised_scores_and_the_cut(client, omar_officer):
    round_ = RoundFactory(envelope=Decimal("2500000.00"), reviews_per_proposal=2)
    strict, mild = (UserFactory(roles=[Role.REVIEWER]) for _ in range(2))
    for title, marks in (("First", (3, 5)), ("Second", (2, 4)), ("Third", (1, 3))):
        proposal = a_reviewed_proposal(round_, title=title, marks=())
        for reviewer, mark in zip((strict, mild), marks, strict=True):
            a_review(proposal, reviewer, points=mark)
    docket = a_docket(round_, officer=omar_officer)
    client.force_login(omar_officer)

    table = client.get(url_of(docket)).context["table"]

    assert [
        (str(row.line.proposal), row.raw_mean, row.normalised, row.split, row.few_reviews, row.first_below_cut)
        for row in table.rows
    ] == [
        ("First", Decimal("4"), Decimal("1"), True, False, False),
        ("Second", Decimal("3"), Decimal("0"), True, False, False),
        ("Third", Decimal("2"), Decimal("-1"), True, False, True),
    ]
    assert (table.committed, table.left, table.share) == (
        Decimal("2400000.00"), Decimal("100000.00"), Decimal("0.96"),
    )  # fmt: skip
    assert sum(part.amount for part in table.parts) == Decimal("2400000.00")


def test_table_shows_what_is_undefined_as_a_dash(client, docket, omar_officer):
    client.force_login(omar_officer)

    response = client.get(url_of(docket))

    (row,) = response.context["table"].rows
    assert (row.raw_mean, row.normalised) == (Decimal("4"), None)
    assert '<td class="num">—</td>' in response.content.decode()


def test_table_flags_payee_ceiling_few_reviews_and_proposals_that_left(client, omar_officer):
    site = a_site(name="Harbor Promise")
    proposal = a_reviewed_proposal(site=site)
    docket = a_docket(proposal.round, officer=omar_officer)
    an_award(site, amounts=(Decimal("100000.00"), 0, 0, 0, 0))
    proposal.state = ProposalState.INELIGIBLE
    proposal.save()
    client.force_login(omar_officer)

    (row,) = client.get(url_of(docket)).context["table"].rows

    assert (row.other_payee, row.few_reviews, row.out_of_place, len(row.excesses)) == (True, True, True, 2)


def test_table_explains_its_formula(client, docket, omar_officer):
    client.force_login(omar_officer)

    assert (
        "z = (mark − the reviewer’s mean) ÷ the reviewer’s standard deviation"
        in client.get(url_of(docket)).content.decode()
    )


def test_dead_button_says_what_is_missing(client, docket, omar_officer):
    an_envelope(docket.round, Decimal("1000000.00"))
    client.force_login(omar_officer)

    text = client.get(url_of(docket)).content.decode()

    assert "Before it can be sent to the director" in text
    assert "That is $200,000 more than the envelope of $1,000,000." in text


@pytest.mark.parametrize("rows", [1, 30])
def test_docket_takes_at_most_20_queries_however_many_lines(rows, client, omar_officer, django_assert_max_num_queries):
    round_ = RoundFactory(envelope=Decimal("99000000.00"))
    for _ in range(rows):
        a_reviewed_proposal(round_)
    docket = prepare_docket(round_, actor=omar_officer, at=DECIDED_AT, title="Board docket")
    client.force_login(omar_officer)

    with django_assert_max_num_queries(20):
        assert len(client.get(url_of(docket)).context["table"].rows) == rows
