"""The pages of a calibration, and what reviewers meet while one is open."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from grants.domain.calibration import close_calibration, open_calibration
from grants.enums import ProposalState, ReviewKind, ReviewState
from grants.models import Attachment, Calibration, Review
from grants.workflow import REVIEW
from portal import clock
from portal.accounts.enums import Role
from portal.documents.domain import store_upload
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory
from tests.factories.reviews import REVIEWED_AT, a_review, score
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site
from tests.grants.views.reviewing import LIST, url_of
from tests.portal.documents.files import PDF, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_day_later():
    with clock.at(REVIEWED_AT + timedelta(days=1)):
        yield


@pytest.fixture
def round_():
    return RoundFactory(blind=True)


@pytest.fixture
def sample(round_):
    site = a_site(name="Marlow Alliance", place="Marlow")
    return ProposalFactory(round=round_, site=site, title="Marlow for all", state=ProposalState.IN_REVIEW)


@pytest.fixture
def proposal(round_):
    return ProposalFactory(round=round_, state=ProposalState.IN_REVIEW)


def page(round_, name="detail"):
    return reverse(f"grants:calibration-{name}", args=[round_.reference])


def opened(round_, sample, officer):
    return open_calibration(
        round_, sample, actor=officer, at=REVIEWED_AT, due_on=date(2026, 12, 1), note="Mind the gaps."
    )


def sample_of(reviewer):
    return Review.objects.get(reviewer=reviewer, kind=ReviewKind.CALIBRATION)


def scored(reviewer, points):
    review = REVIEW.perform(sample_of(reviewer), "declare_no_conflict", actor=reviewer, at=REVIEWED_AT)
    return REVIEW.perform(score(review, points), "submit", actor=reviewer, at=REVIEWED_AT)


def test_calibration_is_opened_from_the_page_of_a_round_without_one(client, round_, sample, omar_officer):
    client.force_login(omar_officer)

    assert page(round_, "new") in client.get(page(round_)).content.decode()
    data = {"sample": sample.reference.lower(), "due_on": "2026-12-01", "note": "Mind the gaps."}
    response = client.post(page(round_, "new"), data)

    calibration = Calibration.objects.get()
    assert response.url == page(round_)
    assert (calibration.proposal, calibration.due_on, calibration.note) == (sample, date(2026, 12, 1), "Mind the gaps.")


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [("P-2026-9999", 422, "There is no proposal of this number."), ("draft", 409, "cannot be read by reviewers")],
)
def test_calibration_with_another_sample_is_refused_in_words(typed, status, said, client, round_, omar_officer):
    draft = ProposalFactory(round=round_)
    client.force_login(omar_officer)

    response = client.post(page(round_, "new"), {"sample": draft.reference if typed == "draft" else typed})

    assert response.status_code == status
    assert said in response.content.decode()


def test_reviewer_meets_the_sample_first(client, round_, sample, proposal, rita_reviewer, omar_officer):
    opened(round_, sample, omar_officer)
    review = a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED, due_on=date(2026, 11, 20))
    mine = sample_of(rita_reviewer)
    client.force_login(rita_reviewer)

    queue = client.get(LIST)
    question = client.get(url_of(review)).content.decode()
    answer = client.post(url_of(review, "review-no-conflict"), follow=True).content.decode()

    assert queue.context["todo"] == [mine, review]
    assert "score it before the others" in queue.content.decode()
    assert url_of(mine) in question
    assert "I have no conflict of interest" not in question
    assert "score the same sample first" in answer
    assert f"the sample, review {mine.reference}" in client.get(reverse("portal:home")).content.decode()


def test_sample_is_read_without_names_and_called_a_sample(
    client, round_, sample, proposal, rita_reviewer, omar_officer
):
    opened(round_, sample, omar_officer)
    a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED)
    mine = sample_of(rita_reviewer)
    client.force_login(rita_reviewer)

    question = client.get(url_of(mine)).content.decode()
    desk = client.post(url_of(mine, "review-no-conflict"), follow=True).content.decode()

    assert "This is a sample." in question
    assert "Sample proposal" in desk
    assert "Mind the gaps." in desk
    assert "Marlow" not in question + desk


def test_spread_shows_reviewers_theirs_and_nobody_s_name(
    client, round_, sample, proposal, rita_reviewer, rolf_reviewer, omar_officer
):
    calibration = opened(round_, sample, omar_officer)
    for each, points in ((rita_reviewer, 2), (rolf_reviewer, 5)):
        a_review(proposal, each, state=ReviewState.ASSIGNED)
        scored(each, points)
    client.force_login(rita_reviewer)
    assert client.get(page(round_)).status_code == 404
    close_calibration(calibration, actor=omar_officer, at=REVIEWED_AT)

    text = client.get(page(round_)).content.decode()
    client.force_login(omar_officer)
    staff = client.get(page(round_)).content.decode()

    assert "yours 2" in text
    assert 'class="own"' in text
    assert [name for name in ("Rolf", "Marlow", sample.reference) if name in text] == []
    assert "Rolf Reviewer" in staff
    assert "Marlow for all" in staff


def test_calibration_closed_with_the_button(client, round_, sample, proposal, rita_reviewer, omar_officer):
    opened(round_, sample, omar_officer)
    a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED)
    client.force_login(omar_officer)

    too_early = client.post(page(round_, "close"))
    scored(rita_reviewer, 3)
    client.post(page(round_, "close"))

    assert too_early.status_code == 409
    assert "Nobody has scored the sample yet." in too_early.content.decode()
    assert Calibration.objects.get().closed_by == omar_officer


def test_calibration_called_off_with_the_button(client, round_, sample, omar_officer):
    opened(round_, sample, omar_officer)
    client.force_login(omar_officer)

    assert "Call it off" in client.get(page(round_, "call-off")).content.decode()
    client.post(page(round_, "call-off"))

    assert not Calibration.objects.exists()


@pytest.mark.parametrize("rows", [1, 30])
def test_calibration_takes_the_same_queries_for_any_number_of_reviewers(
    rows, client, round_, sample, omar_officer, django_assert_max_num_queries
):
    calibration = opened(round_, sample, omar_officer)
    for number in range(rows):
        reviewer = UserFactory(roles=[Role.REVIEWER])
        review = Review.objects.create(
            reference=f"V-2026-9{number:03d}", proposal=sample, reviewer=reviewer, assigned_by=omar_officer,
            kind=ReviewKind.CALIBRATION, calibration=calibration, state=ReviewState.IN_PROGRESS,
            no_conflict_at=REVIEWED_AT,
        )  # fmt: skip
        if number < 3:
            REVIEW.perform(score(review), "submit", actor=reviewer, at=REVIEWED_AT)
    client.force_login(omar_officer)

    with django_assert_max_num_queries(14):
        response = client.get(page(round_))

    assert len(response.context["reviews"]) == rows


def test_files_of_a_sample_that_is_read_without_names_stay_closed(
    client, round_, proposal, rita_reviewer, omar_officer
):
    """The sample's own round was read with names, so its files have an address of their own."""
    earlier = RoundFactory(
        closes_at=round_.closes_at - timedelta(days=300), opens_at=round_.opens_at - timedelta(days=300)
    )
    told = ProposalFactory(round=earlier, state=ProposalState.DECLINED)
    document = store_upload(upload(PDF), actor=told.started_by, at=REVIEWED_AT, quota_group="one")
    Attachment.objects.create(proposal=told, title="Our plan", document=document)
    opened(round_, told, omar_officer)
    a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED)
    REVIEW.perform(sample_of(rita_reviewer), "declare_no_conflict", actor=rita_reviewer, at=REVIEWED_AT)
    client.force_login(rita_reviewer)

    assert client.get(reverse("grants:attachment", args=[told.reference, document.pk])).status_code == 404
