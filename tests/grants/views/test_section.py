"""Writing a section: saving, autosave, two people at once, and what is refused with the text kept."""

from datetime import timedelta

import pytest
from django.urls import reverse

from grants.enums import ProposalState, QuestionKind
from grants.models import Answer, Milestone, ProposalSection, SignOff
from portal import clock
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory, a_complete_proposal
from tests.factories.rounds import QuestionFactory
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


# --- saving ---


def test_section_saved_goes_on_to_the_next_page(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    response = client.post(page(proposal), typed("Teachers stay."))

    assert response.url == reverse("grants:proposal-attachments", args=[proposal.reference])
    assert saved_text(proposal) == "Teachers stay."


def test_section_saved_with_the_other_button_goes_back(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    response = client.post(page(proposal), typed("Teachers stay.", then="workspace"))

    assert response.url == reverse("grants:proposal-detail", args=[proposal.reference])


def test_section_pages_follow_each_other_to_the_end(client, proposal, ana_applicant):
    client.force_login(ana_applicant)
    urls = [page(proposal, "eligibility")]
    while "sections" in urls[-1] and not urls[-1].endswith(("attachments/", "signoffs/")):
        if urls[-1].endswith("/baseline/"):
            # It is a list of tables, each with a page of its own.
            urls.append(page(proposal, "plan-collaboration"))
        else:
            urls.append(client.post(urls[-1], {"milestones-TOTAL_FORMS": 0, "milestones-INITIAL_FORMS": 0}).url)

    assert [url.split("/")[-2] for url in urls] == [
        "eligibility", "coalition", "need", "baseline", "plan-collaboration", "plan-partnerships", "plan-coherence", "budget",
        "sustainability", "attachments",
    ]  # fmt: skip


def test_section_over_its_limit_is_saved_whole(client, proposal, ana_applicant):
    client.force_login(ana_applicant)
    text = " ".join(["word"] * 501)

    client.post(page(proposal), typed(text))

    assert saved_text(proposal) == text
    assert b'data-word-limit="500"' in client.get(page(proposal)).content


def test_section_left_empty_can_be_saved(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    assert client.post(page(proposal), typed("")).status_code == 302


def test_section_ignores_fields_of_other_pages(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    client.post(page(proposal), typed("Mine", title="Stolen", gaps="Elsewhere", state="awarded", site="1"))

    proposal.refresh_from_db()
    assert (proposal.state, proposal.title != "Stolen") == (ProposalState.DRAFT, True)
    assert Answer.objects.count() == 1


def test_plan_saves_its_milestones_and_drops_empty_rows(client, proposal, ana_applicant):
    client.force_login(ana_applicant)
    rows = {
        "milestones-TOTAL_FORMS": 3, "milestones-INITIAL_FORMS": 0,
        "milestones-0-year": 2, "milestones-0-text": "Halfway", "milestones-0-measure": "Counted",
        "milestones-1-year": 1, "milestones-1-text": "", "milestones-1-measure": "",
        "milestones-2-year": 1, "milestones-2-text": "Started", "milestones-2-measure": "",
    }  # fmt: skip

    client.post(page(proposal, "plan-coherence"), rows)

    kept = Milestone.objects.filter(proposal=proposal).values_list("year", "text")
    assert list(kept) == [(1, "Started"), (2, "Halfway")]


@pytest.mark.parametrize(
    "row",
    [
        {"milestones-0-year": 1, "milestones-0-text": "", "milestones-0-measure": "Counted"},
        {"milestones-0-year": 9, "milestones-0-text": "Too late", "milestones-0-measure": ""},
        {"milestones-0-year": 1, "milestones-0-text": "x" * 301, "milestones-0-measure": ""},
    ],
)
def test_plan_with_a_row_that_cannot_be_is_refused_with_the_row_kept(row, client, proposal, ana_applicant):
    client.force_login(ana_applicant)
    counts = {"milestones-TOTAL_FORMS": 1, "milestones-INITIAL_FORMS": 0}

    response = client.post(page(proposal, "plan-coherence"), row | counts | {"coherence-strategy": "Typed text"})

    assert (response.status_code, b"Typed text" in response.content) == (422, True)
    assert Milestone.objects.count() == 0


# --- autosave ---


def test_autosave_answers_with_the_time_and_the_new_version(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    response = client.post(page(proposal), typed("Teach"), headers=HTMX)

    assert response.status_code == 200
    assert text_of(response).startswith('<input type="hidden" name="version" value="1" autocomplete="off">')
    assert text_of(response).endswith('title="Mon 5 Oct 2026, 12:00 noon Eastern">0 seconds ago</time>')


def test_autosave_then_button_from_the_same_page_is_no_conflict(client, proposal, ana_applicant):
    client.force_login(ana_applicant)
    client.post(page(proposal), typed("Teach"), headers=HTMX)

    # The answer to the autosave has not arrived when the button is pressed.
    response = client.post(page(proposal), typed("Teachers", version=0))

    assert (response.status_code, saved_text(proposal)) == (302, "Teachers")


def test_autosave_over_a_colleagues_text_says_so_and_keeps_both(client, proposal, ana_applicant, ben_colleague):
    client.force_login(ben_colleague)
    client.post(page(proposal), typed("Ben's text", editor=PAGE_B))
    client.force_login(ana_applicant)

    response = client.post(page(proposal), typed("Ana's text"), headers=HTMX)

    assert (response.status_code, saved_text(proposal)) == (409, "Ben's text")
    assert "Not saved. Ben Colleague saved this page meanwhile. Your text is kept here." in text_of(response)
    assert 'name="then" value="compare">Compare both texts</button>' in text_of(response)


def test_autosave_of_a_row_half_typed_waits(client, proposal, ana_applicant):
    client.force_login(ana_applicant)
    row = {"milestones-TOTAL_FORMS": 1, "milestones-INITIAL_FORMS": 0, "milestones-0-year": 1,
           "milestones-0-text": "", "milestones-0-measure": "Counted"}  # fmt: skip

    response = client.post(page(proposal, "plan-coherence"), row, headers=HTMX)

    assert response.status_code == 422
    assert "Not saved. One of the rows is not finished yet." in text_of(response)


def test_autosave_is_off_once_somebody_signed(client, ana_applicant):
    proposal = a_complete_proposal(actor=ana_applicant)
    client.force_login(ana_applicant)

    text = text_of(client.get(page(proposal)))
    response = client.post(page(proposal), typed("Stray key", version=1), headers=HTMX)

    assert "hx-post" not in text
    assert "Saving a change here will void 3 signatures" in text
    assert (response.status_code, SignOff.objects.filter(state="signed").count()) == (409, 3)


def test_button_after_signing_saves_and_says_whose_signature_is_gone(client, ana_applicant):
    proposal = a_complete_proposal(actor=ana_applicant)
    client.force_login(ana_applicant)

    response = client.post(page(proposal), typed("A better text", version=1), follow=True)

    warning = str(next(iter(response.context["messages"])))
    assert warning.startswith("The text changed, so it is no longer signed by ")
    assert (saved_text(proposal), SignOff.objects.filter(state="void").count()) == ("A better text", 3)


def test_save_of_the_same_page_that_comes_too_late_changes_nothing(client, proposal, ana_applicant):
    client.force_login(ana_applicant)
    client.post(page(proposal), typed("First and last", turn=2))

    late = client.post(page(proposal), typed("First", turn=1), headers=HTMX)

    assert (late.status_code, saved_text(proposal)) == (200, "First and last")


# --- who may, and when ---


@pytest.mark.parametrize("seat", ["viewers", "finance"])
def test_section_of_a_seat_that_reads_leads_to_the_text(seat, client, ana_applicant, ben_colleague):
    proposal = ProposalFactory(site=a_site(ana_applicant, **{seat: [ben_colleague]}))
    client.force_login(ben_colleague)

    response = client.get(page(proposal, "need"))

    assert response.url == reverse("grants:proposal-content", args=[proposal.reference]) + "#content-need"
    assert client.post(page(proposal), typed("Mine")).status_code == 403
    assert ProposalSection.objects.count() == 0


def test_section_of_staff_leads_to_the_text(client, proposal, omar_officer):
    client.force_login(omar_officer)

    assert client.get(page(proposal)).status_code == 302
    assert client.post(page(proposal), typed("Mine")).status_code == 403


def test_section_typed_past_the_deadline_of_a_submission_is_refused_with_the_text_kept(client, ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant), state=ProposalState.SUBMITTED)
    client.force_login(ana_applicant)

    with clock.at(proposal.round.closes_at + timedelta(seconds=1)):
        response = client.post(page(proposal), typed("In the last second"))

    assert (response.status_code, b"In the last second" in response.content) == (409, True)
    assert "What you submitted stays as it was." in text_of(response)


@pytest.mark.parametrize("key", ["round", "invented", "plan-invented"])
def test_section_that_is_not_there_is_not_found(key, client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    assert client.get(page(proposal, key)).status_code == 404


def test_section_of_the_round_shows_every_kind_of_question(client, proposal, ana_applicant):
    QuestionFactory(round=proposal.round, key="own-1", kind=QuestionKind.CHOICE, choices=["K to 2", "3 to 5"])
    QuestionFactory(round=proposal.round, key="own-2", kind=QuestionKind.NUMBER)
    QuestionFactory(round=proposal.round, key="own-3", kind=QuestionKind.YES_NO, required=False)
    client.force_login(ana_applicant)

    client.post(page(proposal, "round"), {"own-1": "3 to 5", "own-2": "1,200", "own-3": "no"})
    refused = client.post(page(proposal, "round"), {"own-1": "12 to 14", "version": 1})

    assert list(Answer.objects.order_by("question__key").values_list("text", flat=True)) == ["3 to 5", "1,200", "no"]
    assert (refused.status_code, "Choose one of the answers." in text_of(refused)) == (422, True)


@pytest.mark.parametrize("key", ["eligibility", "coalition", "need", "plan-coherence", "sustainability"])
def test_section_costs_at_most_twelve_queries(key, client, proposal, ana_applicant, django_assert_max_num_queries):
    client.force_login(ana_applicant)
    client.get(page(proposal, key))

    with django_assert_max_num_queries(12):
        client.get(page(proposal, key))
