"""Who else has a section open, and that nobody waits when the cache is down."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from grants.domain.presence import GONE_AFTER
from grants.domain.section import save_section
from portal import breaker, clock
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory
from tests.factories.sites import a_site
from tests.plugins.guards import WRITES

pytestmark = pytest.mark.django_db
PAGE_A, PAGE_B = "a" * 32, "b" * 32


@pytest.fixture
def proposal(ana_applicant, ben_colleague):
    with clock.at(NOON):
        proposal = ProposalFactory(site=a_site(ana_applicant, contributors=[ben_colleague]))
        # The cache outlives a test's proposals, whose references come again; other workers use it, too.
        cache.delete(f"writing:{proposal.reference}")
        yield proposal


@pytest.fixture
def beat(client, proposal):
    """A function by which a page says that it is open; returns what it is told."""

    def say(person, editor, key="need", **more):
        client.force_login(person)
        url = reverse("grants:proposal-here", args=[proposal.reference, key])
        response = client.post(url, {"editor": editor, **more})
        return response.json() if response.content else response.status_code

    return say


def test_colleague_with_the_same_section_open_is_named(beat, ana_applicant, ben_colleague):
    assert beat(ana_applicant, PAGE_A)["others"] == []
    assert beat(ben_colleague, PAGE_B)["others"] == ["Ana Applicant"]
    assert beat(ana_applicant, PAGE_A)["others"] == ["Ben Colleague"]


def test_colleague_elsewhere_or_oneself_on_a_second_tab_is_not_named(beat, ana_applicant, ben_colleague):
    beat(ana_applicant, PAGE_A, key="coalition")
    beat(ben_colleague, "c" * 32)

    assert beat(ben_colleague, PAGE_B)["others"] == []


def test_colleague_who_left_or_fell_silent_is_gone(beat, ana_applicant, ben_colleague):
    beat(ana_applicant, PAGE_A)
    assert beat(ana_applicant, PAGE_A, leaving="1") == 204
    assert beat(ben_colleague, PAGE_B)["others"] == []

    beat(ana_applicant, PAGE_A)
    with clock.at(NOON + GONE_AFTER):
        assert beat(ben_colleague, PAGE_B)["others"] == []


def test_page_is_told_at_once_that_a_colleague_saved(beat, proposal, ana_applicant, ben_colleague):
    for version, (person, editor) in enumerate(((ben_colleague, PAGE_B), (ana_applicant, PAGE_A))):
        save_section(proposal, "need", actor=person, at=NOON, version=version, answers={"gaps": editor}, editor=editor)
        told = beat(ana_applicant, PAGE_A)
        assert (told["version"], told["saved_by"]) == (version + 1, "Ben Colleague" if person == ben_colleague else "")

    assert beat(ana_applicant, "d" * 32)["saved_by"] == "You, in another window,"


def test_workspace_says_who_is_writing(beat, client, proposal, ana_applicant, ben_colleague):
    beat(ben_colleague, PAGE_B)
    client.force_login(ana_applicant)

    page = client.get(reverse("grants:proposal-detail", args=[proposal.reference])).content.decode()

    assert "<small>Ben Colleague is writing here</small>" in page


def test_beat_costs_few_queries_and_writes_nothing(client, beat, proposal, ana_applicant, django_assert_num_queries):
    beat(ana_applicant, PAGE_A)
    url = reverse("grants:proposal-here", args=[proposal.reference, "need"])

    with django_assert_num_queries(6) as queries:
        client.post(url, {"editor": PAGE_A})

    assert [each["sql"] for each in queries if WRITES.match(each["sql"])] == []


def test_beat_without_a_cache_sees_nobody_and_goes_on(beat, ana_applicant, ben_colleague):
    beat(ana_applicant, PAGE_A)
    breaker.redis.trip()

    assert beat(ben_colleague, PAGE_B)["others"] == []


@pytest.mark.parametrize("key", ["invented", "round-two"])
def test_beat_of_a_section_there_cannot_be_is_not_found(key, client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    assert client.post(reverse("grants:proposal-here", args=[proposal.reference, key])).status_code == 404
