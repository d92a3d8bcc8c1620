"""The page of a docket's line and the buttons that move, add and remove lines."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from grants.enums import Decision, DocketState
from portal import clock
from tests.factories.dockets import DECIDED_AT, a_docket, a_reviewed_proposal, recommend, the_line
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db


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


def line_of(docket, proposal, name="docket-line", *more):
    return reverse(f"grants:{name}", args=[docket.reference, proposal.reference, *more])


def form_of(docket, *, decision="award", yearly="240,000", **more):
    data = {"version": docket.version, "decision": decision, "note": "", "feedback": ""}
    data |= {f"amount_{year}_collaboration": yearly for year in range(1, 6)}
    return data | more


def test_line_shows_what_was_asked_to_begin_with(client, docket, proposal, omar_officer):
    client.force_login(omar_officer)

    context = client.get(line_of(docket, proposal)).context

    assert [(row.school_year, row.total, row.asked, row.held) for row in context["grid"]] == [
        (year, Decimal("240000.00"), Decimal("240000.00"), Decimal("0.00"))
        for year in ("2027-28", "2028-29", "2029-30", "2030-31", "2031-32")
    ]


def test_line_saved_accepts_what_people_type(client, docket, proposal, omar_officer):
    client.force_login(omar_officer)

    response = client.post(
        line_of(docket, proposal), form_of(docket, yearly="$250,000.00", note="Strong.", feedback="Well done.")
    )

    line = the_line(docket)
    assert response.url == url_of(docket)
    assert (line.amount, line.note, line.feedback) == (Decimal("1250000.00"), "Strong.", "Well done.")


def test_line_over_a_ceiling_is_refused_beside_the_field_and_kept(client, docket, proposal, omar_officer):
    client.force_login(omar_officer)

    response = client.post(
        line_of(docket, proposal),
        form_of(docket, yearly="100,000") | {"amount_2_collaboration": "250000.01"},
    )

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "amount_2_collaboration": [
            "Harbor Promise would get $250,000.01 in year 2 (2028-29). "
            "That is $0.01 over the most it may hold in a year, $250,000."
        ]
    }
    assert "250000.01" in response.content.decode()
    assert the_line(docket).amount == Decimal("1200000.00")


def test_line_saved_by_two_officers_at_once_answers_409(client, docket, proposal, omar_officer):
    client.force_login(omar_officer)
    recommend(the_line(docket), officer=omar_officer, decision=Decision.WAITLIST)

    response = client.post(line_of(docket, proposal), form_of(docket, feedback="Mine."))

    assert response.status_code == 409
    assert "Mine." in response.content.decode()
    assert the_line(docket).decision == "waitlist"


def test_line_saved_as_a_decline_ignores_the_amounts(client, docket, proposal, omar_officer):
    client.force_login(omar_officer)

    client.post(line_of(docket, proposal), form_of(docket, decision="decline", feedback="Say more on need."))

    assert (the_line(docket).decision, the_line(docket).amount) == ("decline", 0)


@pytest.mark.parametrize("who", ["dina_director", "fay_finance", "otto_auditor"])
def test_line_is_read_but_not_changed_by_other_staff(who, request, client, docket, proposal):
    client.force_login(request.getfixturevalue(who))

    assert "Save" not in client.get(line_of(docket, proposal)).content.decode().split("<main")[1]
    assert client.post(line_of(docket, proposal), form_of(docket)).status_code == 403


def test_line_of_a_sent_docket_is_read_only(client, proposal, omar_officer):
    docket = a_docket(proposal.round, officer=omar_officer, state=DocketState.SENT)
    client.force_login(omar_officer)

    response = client.post(line_of(docket, proposal), form_of(docket))

    assert client.get(line_of(docket, proposal)).context["can_edit"] is False
    assert response.status_code == 409
    assert "This docket cannot be changed now. It is with the director." in response.content.decode()


def test_lines_are_moved_added_and_taken_off(client, proposal, omar_officer):
    second = a_reviewed_proposal(proposal.round, marks=(1,), title="Second")
    docket = a_docket(proposal.round, officer=omar_officer)
    client.force_login(omar_officer)

    client.post(line_of(docket, second, "docket-line-move", "up"))
    assert list(docket.lines.values_list("proposal", flat=True)) == [second.pk, proposal.pk]
    client.post(line_of(docket, second, "docket-line-remove"))
    assert list(docket.lines.values_list("proposal", flat=True)) == [proposal.pk]
    client.post(reverse("grants:docket-line-add", args=[docket.reference]), {"proposal": second.pk})
    assert list(docket.lines.values_list("proposal", flat=True)) == [proposal.pk, second.pk]


@pytest.mark.parametrize("who", ["dina_director", "otto_auditor"])
def test_lines_are_not_moved_added_or_taken_off_by_other_staff(who, request, client, docket, proposal):
    client.force_login(request.getfixturevalue(who))

    answers = [
        client.post(line_of(docket, proposal, "docket-line-move", "up")).status_code,
        client.post(line_of(docket, proposal, "docket-line-remove")).status_code,
        client.post(reverse("grants:docket-line-add", args=[docket.reference]), {"proposal": proposal.pk}).status_code,
    ]

    assert answers == [403, 403, 403]
    assert docket.lines.count() == 1


@pytest.mark.parametrize(
    ("fill", "percent", "wanted"),
    [("asked", "", "80,000.00"), ("share", "90", "72,000.00"), ("clear", "", "")],
)
def test_amounts_are_filled_in_with_all_that_was_typed_and_nothing_is_saved(
    fill, percent, wanted, client, docket, proposal, omar_officer
):
    client.force_login(omar_officer)

    data = form_of(docket, yearly="1", note="Half typed.", fill=fill, percent=percent)
    response = client.post(line_of(docket, proposal), data)

    form = response.context["form"]
    assert (response.status_code, form["amount_2_collaboration"].value(), form["note"].value()) == (
        200, wanted, "Half typed.",
    )  # fmt: skip
    assert the_line(docket).note == ""


def test_share_that_is_no_percentage_is_said_beside_the_box(client, docket, proposal, omar_officer):
    client.force_login(omar_officer)

    response = client.post(line_of(docket, proposal), form_of(docket, fill="share", percent="ninety"))

    assert response.context["form"].errors["percent"] == ["Enter a percentage from 1 to 100."]


def test_conditions_are_saved_and_flagged(client, docket, proposal, omar_officer):
    client.force_login(omar_officer)

    client.post(line_of(docket, proposal), form_of(docket, conditions="Hire the data coach."))

    assert the_line(docket).conditions == "Hire the data coach."
    assert "Conditions" in client.get(url_of(docket)).content.decode()


def test_draft_is_ranked_and_shared_from_its_page(client, proposal, omar_officer):
    second = a_reviewed_proposal(proposal.round, marks=(1,), title="Second")
    docket = a_docket(proposal.round, officer=omar_officer)
    client.force_login(omar_officer)

    client.post(line_of(docket, second, "docket-line-rank"), {"rank": "1"})
    assert list(docket.lines.values_list("proposal", flat=True)) == [second.pk, proposal.pk]
    docket.refresh_from_db()
    client.post(reverse("grants:docket-sort", args=[docket.reference]), {"order": "raw", "version": docket.version})
    assert list(docket.lines.values_list("proposal", flat=True)) == [proposal.pk, second.pk]
    docket.refresh_from_db()
    share = reverse("grants:docket-share", args=[docket.reference])
    client.post(share, {"percent": "50", "version": docket.version})
    assert the_line(docket, proposal).amount == Decimal("600000.00")
    stale = client.post(share, {"percent": "100", "version": docket.version}, follow=True)
    assert "Somebody changed this docket since you opened it." in stale.content.decode()
    wrong = client.post(share, {"percent": "0", "version": docket.version}, follow=True)
    assert "Enter a percentage from 1 to 100." in wrong.content.decode()
    assert the_line(docket, proposal).amount == Decimal("600000.00")
