"""The activity log as a page: who may read it, its filters, and paging that stays flat."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from portal.activity.domain import record
from portal.activity.models import Entry
from portal.keyset import SIZE

NOON = datetime(2026, 10, 5, 16, 0, tzinfo=UTC)
URL = reverse("activity:entry-list")


def _record(subject, actor, at=NOON, summary="Greeted."):
    return record(subject, "greet", actor=actor, at=at, summary=summary)


def _sequences(response):
    return [entry.sequence for entry in response.context["page"]]


@pytest.mark.parametrize("who", ["otto_auditor", "omar_officer", "dina_director", "ada_admin"])
def test_entry_list_for_those_who_answer_shows_entries(client, request, who):
    person = request.getfixturevalue(who)
    _record(person, person)
    client.force_login(person)

    assert _sequences(client.get(URL)) == [1]


@pytest.mark.parametrize("who", ["ana_applicant", "rita_reviewer", "fay_finance", "sam_stranger"])
def test_entry_list_for_others_is_refused(client, request, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(URL).status_code == 403


@pytest.mark.parametrize("who", ["ana_applicant", "rita_reviewer", "fay_finance"])
def test_entries_for_others_are_invisible(request, who):
    person = request.getfixturevalue(who)
    _record(person, person)

    assert list(Entry.objects.visible_to(person)) == []


def test_entry_list_filtered_shows_what_matches(client, omar_officer, dina_director):
    _record(omar_officer, omar_officer)
    _record(dina_director, dina_director, at=NOON + timedelta(days=1))
    client.force_login(omar_officer)

    def found(**filters):
        return _sequences(client.get(URL, filters))

    assert found(actor="Omar@officer.example") == [1]
    assert found(actor="nobody@x.example") == []
    assert found(reference="Dina Director") == [2]
    assert found(noun="accounts.user") == [2, 1]
    assert found(noun="mail.message") == []
    assert found(since="2026-10-06") == [2]
    assert found(until="2026-10-05") == [1]
    assert found(since="2026-10-05", until="2026-10-06") == [2, 1]


def test_entry_list_pages_lead_forth_and_back_without_gaps(client, omar_officer):
    # Every second act happened at one instant, so that the order needs more than the instant.
    for n in range(2 * SIZE + 5):
        _record(omar_officer, omar_officer, at=NOON + timedelta(seconds=n // 2))
    client.force_login(omar_officer)

    first = client.get(URL, {"noun": "accounts.user"})
    second = client.get(URL + first.context["page"].next_url)
    third = client.get(URL + second.context["page"].next_url)
    back = client.get(URL + third.context["page"].previous_url)
    start = client.get(URL + back.context["page"].previous_url)

    assert _sequences(first) == list(range(105, 55, -1))
    assert _sequences(second) == list(range(55, 5, -1))
    assert _sequences(third) == [5, 4, 3, 2, 1]
    assert _sequences(back) == _sequences(second)
    assert _sequences(start) == _sequences(first)
    assert (first.context["page"].previous_url, third.context["page"].next_url) == ("", "")
    assert start.context["page"].previous_url == ""
    assert "noun=accounts.user" in third.context["page"].previous_url


@pytest.mark.parametrize("nonsense", ["x", "-1", "99999999999999999999999", "7"])
def test_entry_list_after_a_row_that_is_not_there_shows_the_first_page(client, omar_officer, nonsense):
    _record(omar_officer, omar_officer)
    client.force_login(omar_officer)

    assert _sequences(client.get(URL, {"after": nonsense})) == [1]


def test_entry_list_costs_the_same_at_1_and_30_rows(client, omar_officer, django_assert_num_queries):
    client.force_login(omar_officer)
    _record(omar_officer, omar_officer)
    client.get(URL)
    with django_assert_num_queries(5) as at_one:
        client.get(URL)
    for _ in range(29):
        _record(omar_officer, omar_officer)

    with django_assert_num_queries(len(at_one)):
        assert len(_sequences(client.get(URL))) == 30
