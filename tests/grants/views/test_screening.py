"""The record page of a proposal: what staff see and do there."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from grants.domain.queries.proposal import listed
from grants.enums import ProposalState, ReviewState
from grants.models import Award, Proposal, Review
from grants.workflow import DOCKET
from portal import clock
from portal.accounts.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.dockets import a_docket, a_reviewed_proposal
from tests.factories.proposals import ProposalFactory, a_submitted_proposal
from tests.factories.reviews import a_review
from tests.factories.rounds import RoundFactory
from tests.factories.sites import PartnerFactory, SeatFactory, a_site

pytestmark = pytest.mark.django_db
AFTER_CLOSING = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _after_closing():
    with clock.at(AFTER_CLOSING):
        yield


def page_of(proposal):
    return reverse("grants:proposal-detail", args=[proposal.reference])


def step_of(proposal, step):
    return reverse("grants:proposal-step", args=[proposal.reference, step])


@pytest.mark.parametrize("who", ["omar_officer", "dina_director", "fay_finance", "otto_auditor"])
def test_record_opens_for_staff_with_state_and_next_step_first(who, request, client):
    proposal = a_submitted_proposal()
    client.force_login(request.getfixturevalue(who))

    response = client.get(page_of(proposal))

    assert response.context["next"].title == "Screen it"
    assert response.context["next"].holder == "Program officers"


@pytest.mark.parametrize("who", ["rita_reviewer", "ana_applicant", "ada_admin"])
def test_record_of_a_foreign_proposal_is_not_found(who, request, client):
    proposal = ProposalFactory(state=ProposalState.SUBMITTED)
    client.force_login(request.getfixturevalue(who))

    assert client.get(page_of(proposal)).status_code == 404


@pytest.mark.parametrize("state", ProposalState)
def test_record_opens_in_every_state(state, client, omar_officer):
    if state in {ProposalState.RECOMMENDED, ProposalState.NOT_RECOMMENDED}:
        proposal = a_docket(state="sent").lines.get().proposal
        Proposal.objects.update(state=state)
    else:
        proposal = ProposalFactory(state=state)
    client.force_login(omar_officer)

    assert client.get(page_of(proposal)).status_code == 200


def test_checks_of_a_complete_proposal_all_pass(client, omar_officer):
    proposal = a_submitted_proposal()
    client.force_login(omar_officer)

    checks = client.get(page_of(proposal)).context["checks"]

    assert [(each.title, each.problems) for each in checks] == [
        ("Eligibility", ()),
        ("Identifiers", ()),
        ("Ceilings", ()),
        ("Sign-offs", ()),
        ("Duplicates", ()),
        ("Attachments", ()),
    ]


def test_checks_name_what_is_wrong_with_identifiers_signatures_and_district(client, omar_officer):
    round_ = RoundFactory()
    site = a_site(name="Harbor Promise")
    district = site.partners.get(kind="district")
    PartnerFactory(site=site, name="Zenith Fund", ein="000000001", uei="")
    twin = ProposalFactory(round=round_, site=a_site(name="Twin Promise"), state=ProposalState.SUBMITTED)
    twin.site.partners.filter(kind="district").update(leaid=district.leaid)
    proposal = ProposalFactory(round=round_, site=site, state=ProposalState.SUBMITTED)
    client.force_login(omar_officer)

    checks = {each.title: each.problems for each in client.get(page_of(proposal)).context["checks"]}

    assert checks["Identifiers"] == (
        "Zenith Fund, EIN (00-0000001): No EIN starts with 00. Compare it with a letter from the IRS.",
    )
    assert checks["Sign-offs"] == (f"{listed([str(each) for each in site.partners.all()])} have not signed.",)
    assert checks["Duplicates"] == (f"{twin.reference} of Twin Promise names the same district.",)


def test_step_screen_in_by_the_officer_sends_to_review(client, omar_officer):
    proposal = a_submitted_proposal()
    client.force_login(omar_officer)

    page = client.get(step_of(proposal, "screen_in"))
    response = client.post(step_of(proposal, "screen_in"), {"version": proposal.version})

    assert "The proposal can be assigned to reviewers." in page.content.decode()
    assert response.url == page_of(proposal)
    assert Proposal.objects.get().state == "in_review"


@pytest.mark.parametrize("step", ["screen_out"])
def test_step_without_the_required_reason_is_kept_open(step, client, omar_officer):
    proposal = a_submitted_proposal()
    client.force_login(omar_officer)

    response = client.post(step_of(proposal, step), {"version": proposal.version, "comment": ""})

    assert "Write a reason; it is kept with the record." in response.content.decode()
    assert Proposal.objects.get().state == "submitted"


@pytest.mark.parametrize("who", ["dina_director", "fay_finance", "otto_auditor"])
@pytest.mark.parametrize("step", ["screen_in", "screen_out"])
def test_step_of_screening_by_other_staff_is_forbidden(who, step, request, client):
    proposal = a_submitted_proposal()
    client.force_login(request.getfixturevalue(who))

    response = client.post(step_of(proposal, step), {"version": proposal.version, "comment": "Because."})

    assert response.status_code == 403
    assert "Only program officers screen proposals." in response.content.decode()


@pytest.mark.parametrize("step", ["recommend", "award", "submit", "no_such_step"])
def test_step_that_has_no_page_is_not_found(step, client, omar_officer):
    proposal = a_submitted_proposal()
    client.force_login(omar_officer)

    assert client.post(step_of(proposal, step), {"version": proposal.version}).status_code == 404


def test_dead_button_of_a_call_that_is_open_says_why(client, omar_officer):
    proposal = a_submitted_proposal()
    client.force_login(omar_officer)

    with clock.at(datetime(2026, 10, 20, 15, 0, tzinfo=UTC)):
        text = client.get(page_of(proposal)).content.decode()

    assert "the team may still change its proposal" in text


def test_assigning_on_the_record_page_offers_who_is_free_and_says_who_is_not(client, omar_officer, rita_reviewer):
    proposal = ProposalFactory(state=ProposalState.IN_REVIEW)
    SeatFactory(site=proposal.site, holder=UserFactory(name="Rolf Reviewer", roles=[Role.REVIEWER]))
    client.force_login(omar_officer)

    context = client.get(page_of(proposal)).context

    assert [label for _, label in context["assign_form"].fields["reviewer"].choices] == [
        "Choose a reviewer",
        "Rita Reviewer · 0 open reviews",
    ]
    assert context["conflicts"] == ["Rolf Reviewer has held a seat on this site."]


def test_assigning_makes_a_review(client, omar_officer, rita_reviewer):
    proposal = ProposalFactory(state=ProposalState.IN_REVIEW)
    client.force_login(omar_officer)

    response = client.post(
        reverse("grants:review-assign", args=[proposal.reference]),
        {"reviewer": rita_reviewer.pk, "due_on": "2026-12-01"},
    )

    assert response.url == page_of(proposal)
    assert Review.objects.get().reviewer == rita_reviewer


def test_assigning_somebody_with_a_conflict_is_refused(client, omar_officer, rolf_reviewer):
    proposal = ProposalFactory(state=ProposalState.IN_REVIEW)
    SeatFactory(site=proposal.site, holder=rolf_reviewer)
    client.force_login(omar_officer)

    response = client.post(reverse("grants:review-assign", args=[proposal.reference]), {"reviewer": rolf_reviewer.pk})

    assert response.status_code == 422
    assert not Review.objects.exists()


def test_assigning_after_the_proposal_moved_on_is_refused_in_words(client, omar_officer, rita_reviewer):
    proposal = ProposalFactory(state=ProposalState.DECLINED)
    client.force_login(omar_officer)

    response = client.post(
        reverse("grants:review-assign", args=[proposal.reference]), {"reviewer": rita_reviewer.pk}, follow=True
    )

    assert "Reviewers can be assigned while a proposal is in review. This one: declined." in response.content.decode()


@pytest.mark.parametrize("who", ["dina_director", "otto_auditor"])
def test_assigning_by_other_staff_is_forbidden(who, request, client, rita_reviewer):
    proposal = ProposalFactory(state=ProposalState.IN_REVIEW)
    client.force_login(request.getfixturevalue(who))

    response = client.post(reverse("grants:review-assign", args=[proposal.reference]), {"reviewer": rita_reviewer.pk})

    assert response.status_code == 403
    assert not Review.objects.exists()


def test_taking_off_a_reviewer_who_has_not_begun_deletes_the_review(client, omar_officer, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.ASSIGNED)
    client.force_login(omar_officer)

    response = client.post(reverse("grants:review-unassign", args=[review.reference]))

    assert response.url == page_of(review.proposal)
    assert not Review.objects.exists()


def test_taking_off_a_reviewer_who_has_begun_says_why_not(client, omar_officer, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(omar_officer)

    response = client.post(reverse("grants:review-unassign", args=[review.reference]), follow=True)

    assert "Rita Reviewer has already begun, so this review stays." in response.content.decode()


def test_next_step_of_a_recommended_proposal_names_the_docket_that_was_sent(client, omar_officer):
    proposal = a_reviewed_proposal()
    sent = a_docket(proposal.round, officer=omar_officer, title="The one that was sent")
    a_docket(proposal.round, officer=omar_officer, title="A later draft")
    DOCKET.perform(sent, "send", actor=omar_officer)
    client.force_login(omar_officer)

    step = client.get(page_of(proposal)).context["next"]

    assert (step.title, step.holder) == ("The director decides on the docket", "The director")
    assert "The one that was sent" in step.text


def test_record_of_an_awarded_proposal_leads_to_its_award(client, omar_officer):
    award = Award.objects.get(docket_line__docket=a_docket(state="announced"))
    client.force_login(omar_officer)

    text = client.get(page_of(award.proposal)).content.decode()

    assert reverse("grants:award-detail", args=[award.reference]) in text


@pytest.mark.parametrize("reviews", [1, 30])
def test_record_takes_at_most_20_queries_however_many_reviews(
    reviews, client, omar_officer, django_assert_max_num_queries
):
    proposal = a_reviewed_proposal(marks=[1 + number % 5 for number in range(reviews)])
    for _ in range(reviews):
        SeatFactory(site=proposal.site, holder=UserFactory(roles=[Role.REVIEWER]))
        ProposalFactory(round=proposal.round, site=a_site(), state=ProposalState.SUBMITTED, submission=False)
    client.force_login(omar_officer)

    with django_assert_max_num_queries(20):
        response = client.get(page_of(proposal))

    assert len(response.context["reviews"]) == reviews


def test_record_with_its_checks_takes_at_most_20_queries(client, omar_officer, django_assert_max_num_queries):
    proposal = a_submitted_proposal()
    client.force_login(omar_officer)

    with django_assert_max_num_queries(20):
        assert client.get(page_of(proposal)).context["checks"]
