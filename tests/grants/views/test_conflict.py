"""Two people in one section: both texts, and the choice between them field by field."""

import pytest
from django.urls import reverse

from grants.domain.queries.dossier import dossier_of
from grants.models import Answer, Milestone
from portal import clock
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
PAGE_A, PAGE_B = "a" * 32, "b" * 32
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def proposal(ana_applicant, ben_colleague):
    return ProposalFactory(site=a_site(ana_applicant, contributors=[ben_colleague]))


def page(proposal, key="sustainability"):
    return reverse("grants:proposal-section", args=[proposal.reference, key])


def text_of(response):
    return " ".join(response.content.decode().split())


def typed(text, *, version=0, editor=PAGE_A, **more):
    return {"after-the-grant": text, "version": version, "editor": editor} | more


def saved_text(proposal):
    return Answer.objects.get(proposal=proposal, question__key="after-the-grant").text


@pytest.fixture
def conflict(client, proposal, ana_applicant, ben_colleague):
    """Ben saved while Ana had the page open; the answer to Ana's button."""
    client.force_login(ben_colleague)
    client.post(page(proposal), typed("Ben's text", editor=PAGE_B))
    client.force_login(ana_applicant)
    return client.post(page(proposal), typed("Ana's text"))


def test_conflict_shows_both_texts_and_changes_nothing(conflict, proposal):
    text = text_of(conflict)

    assert conflict.status_code == 409
    assert "Ben Colleague saved “After the grant”" in text
    assert "Ana&#x27;s text</textarea>" in text
    assert "Ben&#x27;s text" in text
    assert saved_text(proposal) == "Ben's text"


def test_conflict_resolved_with_ones_own_text_saves_it(conflict, client, proposal):
    version = conflict.context["version"]

    client.post(page(proposal), typed("Ana's and Ben's text", version=version, editor="c" * 32))

    assert saved_text(proposal) == "Ana's and Ben's text"


def test_conflict_resolved_with_the_saved_text_keeps_it(conflict, client, proposal):
    version = conflict.context["version"]

    response = client.post(
        page(proposal), typed("Ana's text", version=version, editor="c" * 32, theirs="after-the-grant")
    )

    assert (response.status_code, saved_text(proposal)) == (302, "Ben's text")


def test_conflict_with_a_third_save_is_a_conflict_again(conflict, client, proposal, ben_colleague, ana_applicant):
    client.force_login(ben_colleague)
    client.post(page(proposal), typed("Ben again", version=1, editor=PAGE_B))
    client.force_login(ana_applicant)

    response = client.post(page(proposal), typed("Ana's", version=conflict.context["version"], editor="c" * 32))

    assert (response.status_code, saved_text(proposal)) == (409, "Ben again")


def test_conflict_of_two_who_wrote_the_same_is_none(client, proposal, ana_applicant, ben_colleague):
    client.force_login(ben_colleague)
    client.post(page(proposal), typed("The same", editor=PAGE_B))
    client.force_login(ana_applicant)

    by_itself = client.post(page(proposal), typed("The same\u00a0"), headers=HTMX)

    assert (by_itself.status_code, 'name="version" value="1"' in text_of(by_itself)) == (200, True)
    assert client.post(page(proposal), typed("The same")).status_code == 302


def test_conflict_marks_what_this_person_never_changed(client, proposal, ana_applicant, ben_colleague):
    client.force_login(ben_colleague)
    keys = [each.key for each in dossier_of(proposal).asked("need")]
    gaps, limits = keys[0], keys[1]
    client.post(page(proposal, "need"), {gaps: "Old gaps", limits: "Old limits", "editor": "c" * 32})
    client.post(page(proposal, "need"), {gaps: "Ben's gaps", limits: "Old limits", "version": 1, "editor": PAGE_B})
    client.force_login(ana_applicant)

    response = client.post(
        page(proposal, "need"), {gaps: "Old gaps", limits: "Ana's limits", "version": 1, "editor": PAGE_A}
    )

    choices = {each.bound.name: each.untouched for each in response.context["found"].choices}
    assert choices == {gaps: True, limits: False}
    assert f'value="{gaps}" id="theirs-{gaps}" checked' in text_of(response)


def milestones(*rows):
    fields = {"milestones-TOTAL_FORMS": len(rows), "milestones-INITIAL_FORMS": 0}
    for number, (year, text) in enumerate(rows):
        fields |= {f"milestones-{number}-year": year, f"milestones-{number}-text": text}
    return fields


@pytest.mark.parametrize(
    ("theirs", "kept"), [([], [(1, "Ana's")]), (["milestones"], [(1, "Ben's first"), (2, "Ben's second")])]
)
def test_conflict_over_milestones_lets_choose_between_both(
    theirs, kept, client, proposal, ana_applicant, ben_colleague
):
    client.force_login(ben_colleague)
    ben = milestones((1, "Ben's first"), (2, "Ben's second"))
    client.post(page(proposal, "plan-coherence"), ben | {"editor": PAGE_B})
    client.force_login(ana_applicant)
    ana = milestones((1, "Ana's"))

    conflict = client.post(page(proposal, "plan-coherence"), ana | {"editor": PAGE_A})
    assert (conflict.status_code, "Year 2: Ben&#x27;s second" in text_of(conflict)) == (409, True)
    chosen = {"theirs": theirs, "version": conflict.context["version"], "editor": "c" * 32}
    client.post(page(proposal, "plan-coherence"), ana | chosen)

    assert list(Milestone.objects.order_by("year").values_list("year", "text")) == kept


@pytest.mark.parametrize("key", ["need", "coalition", "plan-coherence", "eligibility"])
def test_conflict_page_shows_for_every_kind_of_section(key, client, proposal, ana_applicant, ben_colleague):
    empty = {"milestones-TOTAL_FORMS": 0, "milestones-INITIAL_FORMS": 0, "title": "Ben's title", "gaps": "Ben's",
             "district-partner": "yes", "coherence-strategy": "Ben's", "key_issues": ["accountability"]}  # fmt: skip
    client.force_login(ben_colleague)
    client.post(page(proposal, key), empty | {"editor": PAGE_B})
    client.force_login(ana_applicant)

    response = client.post(
        page(proposal, key), {"milestones-TOTAL_FORMS": 0, "milestones-INITIAL_FORMS": 0, "title": "Ana's title"}
    )

    assert response.status_code == 409
