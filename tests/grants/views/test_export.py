"""Taking the table of proposals along: exactly what is filtered, after the password, on the record, without formulas."""

import csv
import io

import pytest
from django.urls import reverse

from grants.enums import ProposalState
from portal.activity.models import Entry
from tests.factories.proposals import ProposalFactory
from tests.factories.sites import a_site
from tests.proof import proved

pytestmark = pytest.mark.django_db
EXPORT = reverse("grants:proposal-export")


@pytest.fixture
def officer(client, omar_officer):
    """Omar is signed in and has just given his password again."""
    proved(client, omar_officer)
    return omar_officer


@pytest.mark.parametrize("method", ["get", "post"])
def test_export_asks_who_it_is_first(method, client, omar_officer):
    omar_officer.set_password("a-long-enough-phrase")
    omar_officer.save()
    client.force_login(omar_officer)

    answer = getattr(client, method)(f"{EXPORT}?state=draft")

    assert answer.url == f"{reverse('account_reauthenticate')}?next=%2Fproposals%2Fexport%2F%3Fstate%3Ddraft"
    assert not Entry.objects.filter(verb="export-proposals").exists()


def test_export_says_what_is_in_the_file_before_it_is_taken(client, officer):
    proposal = ProposalFactory(site=a_site())

    page = client.get(EXPORT, {"state": "draft", "round": proposal.round.reference})

    assert page.context["count"] == 1
    assert page.context["narrowed"] == [("Round", proposal.round), ("State", "Draft")]
    assert not Entry.objects.filter(verb="export-proposals").exists()


def test_export_of_nothing_says_so(client, officer):
    page = client.get(EXPORT, {"q": "no such title"})

    assert "There is nothing to export." in page.content.decode()


def test_export_is_exactly_what_is_filtered_and_holds_no_formula(client, officer):
    site = a_site()
    ProposalFactory(title="=HYPERLINK(1)", site=site)
    ProposalFactory(state=ProposalState.AWARDED, submission=False)

    answer = client.post(f"{EXPORT}?state=draft")

    header, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert header[:3] == ["Number", "Title", "Coalition"]
    assert [row[1:3] for row in rows] == [["'=HYPERLINK(1)", site.name]]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="proposals.csv"'


def test_export_is_kept_in_the_log_with_its_filters(client, officer):
    ProposalFactory(site=a_site())

    client.post(f"{EXPORT}?state=draft&q=")

    entry = Entry.objects.get(verb="export-proposals")
    assert (entry.actor, entry.facts) == (officer, {"rows": 1, "state": "draft"})
    assert entry.summary == "Took the table of 1 proposal along as a file."


def test_export_is_for_the_foundation(client, ana_applicant, rita_reviewer):
    for person in (ana_applicant, rita_reviewer):
        client.force_login(person)

        assert (client.get(EXPORT).status_code, client.post(EXPORT).status_code) == (403, 403)


@pytest.mark.parametrize("rows", [1, 30])
def test_export_costs_the_same_however_many_rows(rows, client, officer, django_assert_max_num_queries):
    for _ in range(rows):
        ProposalFactory(submission=False)

    with django_assert_max_num_queries(13):
        client.post(EXPORT)
