"""Pages of the close-out, the archive and legal holds: read by everybody concerned, written by those who may."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.domain.queries.close_out import POINTS
from grants.domain.retention import place_hold
from grants.enums import AwardState, PaymentState
from grants.models import Award, CloseOut, LegalHold, Payment
from portal import clock
from tests.factories.awards import APPROVED_AT, a_payment, accept_reports, an_award
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
AMOUNTS = (Decimal("10000.00"),) * 5


@pytest.fixture(autouse=True)
def _spring():
    with clock.at(APPROVED_AT):
        yield


@pytest.fixture
def award(lea_site_lead):
    return an_award(a_site(lea_site_lead, name="Harbor County Collaboration"), amounts=AMOUNTS)


def close_out_of(award):
    return reverse("grants:close-out", args=[award.reference])


def hold_of(award):
    return reverse("grants:legal-hold", args=[award.reference])


def text_of(response):
    return " ".join(response.content.decode().split())


def test_officer_walks_from_check_list_to_closed(client, award, omar_officer):
    first, *others = Payment.objects.filter(award_year__award=award).order_by("due_on")
    a_payment(first, state=PaymentState.PAID)
    for payment in others:
        a_payment(payment, state=PaymentState.CANCELLED)
    accept_reports(award, omar_officer)
    client.force_login(omar_officer)
    assert "5 of 9 points are done." in text_of(client.get(close_out_of(award)))

    said = client.post(close_out_of(award), {"unspent": "$0", **dict.fromkeys(POINTS, "on"), "version": 0}, follow=True)
    assert "9 of 9 points are done." in text_of(said)
    close = reverse("grants:award-close", args=[award.reference])
    assert "5 Apr 2034" in text_of(client.get(close))
    award.refresh_from_db()
    done = client.post(close, {"version": award.version}, follow=True)

    assert "Final reconciliation" in text_of(done)
    assert Award.objects.get(pk=award.pk).state == AwardState.CLOSED


def test_award_with_open_points_is_not_closed_and_says_why(client, award, omar_officer):
    client.force_login(omar_officer)

    response = client.post(reverse("grants:award-close", args=[award.reference]), {"version": award.version})

    assert response.status_code == 409
    assert "It has to be paid or cancelled." in text_of(response)


def test_team_reads_the_check_list_and_changes_nothing(client, award, lea_site_lead):
    client.force_login(lea_site_lead)

    page = client.get(close_out_of(award))
    posted = client.post(close_out_of(award), {"unspent": "0", "version": 0})

    assert (page.status_code, page.context["form"], posted.status_code) == (200, None, 403)


def test_amount_that_is_none_is_kept_and_named(client, award, omar_officer):
    client.force_login(omar_officer)

    response = client.post(close_out_of(award), {"unspent": "some", "version": 0})

    assert response.status_code == 422
    assert "Enter an amount in dollars" in text_of(response)
    assert not CloseOut.objects.exists()


def test_colleague_who_saved_first_is_not_overwritten(client, award, omar_officer):
    client.force_login(omar_officer)
    client.post(close_out_of(award), {"unspent": "0", "version": 0})

    response = client.post(close_out_of(award), {"note": "Mine.", "version": 0})

    assert response.status_code == 409
    assert "Somebody else changed this" in text_of(response)
    assert "Mine." in text_of(response)


def test_team_is_told_how_long_papers_are_kept_but_not_of_a_hold(client, lea_site_lead, dina_director):
    award = an_award(amounts=AMOUNTS, state=AwardState.TERMINATED, lead=lea_site_lead)
    place_hold(award, reason="A lawsuit.", actor=dina_director, at=APPROVED_AT)
    client.force_login(lea_site_lead)

    page = text_of(client.get(close_out_of(award)))

    assert "Kept until 5 Apr 2034." in page
    assert "hold" not in page.lower().replace("threshold", "")
    assert "lawsuit" not in text_of(client.get(reverse("grants:award-detail", args=[award.reference])))
    assert client.get(hold_of(award)).status_code == 403


def test_hold_is_placed_and_lifted_in_the_browser(client, award, dina_director):
    client.force_login(dina_director)
    assert client.post(hold_of(award), {"act": "place", "reason": ""}).status_code == 422

    client.post(hold_of(award), {"act": "place", "reason": "A lawsuit."})
    assert "Under a legal hold" in text_of(client.get(hold_of(award)))
    assert client.post(hold_of(award), {"act": "place", "reason": "Again."}).status_code == 409
    client.post(hold_of(award), {"act": "lift", "reason": "It was settled."})

    assert LegalHold.objects.get().lift_reason == "It was settled."
    gone = client.post(hold_of(award), {"act": "lift", "reason": "Again."})
    assert "No hold stands any more" in text_of(gone)


def test_auditor_reads_holds_without_a_form(client, award, otto_auditor, dina_director):
    place_hold(award, reason="A lawsuit.", actor=dina_director, at=APPROVED_AT)
    client.force_login(otto_auditor)

    page = client.get(hold_of(award))

    assert page.context["form"] is None
    assert "A lawsuit." in text_of(page)


def test_archive_lists_ended_awards_with_filters(client, otto_auditor, dina_director, award):
    ended = an_award(a_site(name="Lake County Schools Together"), amounts=AMOUNTS, state=AwardState.TERMINATED)
    client.force_login(otto_auditor)
    url = reverse("grants:archive-list")

    def listed(**query):
        return [each.pk for each, *_ in client.get(url, query).context["rows"]]

    assert listed() == listed(q="lake") == listed(clock="kept") == listed(state="terminated") == [ended.pk]
    assert listed(clock="over") == listed(state="closed") == listed(q="nowhere") == []


@pytest.mark.parametrize("state", AwardState)
def test_close_out_page_opens_in_every_state(state, client, omar_officer):
    award = an_award(amounts=AMOUNTS, state=state)
    client.force_login(omar_officer)

    assert client.get(close_out_of(award)).status_code == 200


def test_archive_asks_the_database_as_often_for_six_as_for_one(client, omar_officer):
    client.force_login(omar_officer)
    url = reverse("grants:archive-list")
    an_award(amounts=AMOUNTS, state=AwardState.TERMINATED)
    few = _queries(client, url)
    for _ in range(5):
        an_award(amounts=AMOUNTS, state=AwardState.TERMINATED)

    assert _queries(client, url) == few


def _queries(client, url):
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)
