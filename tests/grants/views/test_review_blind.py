"""What a round that is reviewed without names keeps back, in every response a reviewer can reach."""

from datetime import timedelta

import pytest
from django.urls import reverse

from grants.domain import content
from grants.enums import ProposalState, ReviewState
from grants.models import Answer, Proposal, Submission
from portal import clock
from portal.accounts.enums import Role
from sites.models import Partner, Seat
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory, a_submitted_proposal
from tests.factories.reviews import REVIEWED_AT, a_review
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site
from tests.grants.views.reviewing import LIST, form_of, step_of, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_day_later():
    with clock.at(REVIEWED_AT + timedelta(days=1)):
        yield


@pytest.fixture
def proposal():
    site = a_site(name="Harbor Promise", place="Harbor County")
    return ProposalFactory(site=site, title="Every School, Every Family", state=ProposalState.IN_REVIEW)


def test_conflict_question_of_a_blind_round_does_not_even_name_the_site(client, proposal, rita_reviewer):
    make_blind(proposal)
    review = a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED)
    client.force_login(rita_reviewer)

    text = client.get(url_of(review)).content.decode()

    assert "Do you have a conflict of interest?" in text
    assert "Harbor" not in text


def test_reviewer_from_outside_is_shown_no_tax_number(client, proposal, rita_reviewer, omar_officer):
    partner = proposal.site.partners.exclude(ein="").first()
    inside, outside = UserFactory(roles=[Role.REVIEWER, Role.OFFICER]), rita_reviewer
    read = {}
    for reader in (inside, outside):
        review = a_review(proposal, reader, officer=omar_officer, state=ReviewState.IN_PROGRESS)
        client.force_login(reader)
        read[reader] = client.get(url_of(review)).content.decode()

    assert f"EIN {partner.shown_ein}" in read[inside]
    assert partner.name in read[outside]
    assert [each for each in ("EIN", partner.ein, partner.shown_ein) if each in read[outside]] == []


def make_blind(proposal):
    proposal.round.blind = True
    proposal.round.save(update_fields=["blind"])


@pytest.fixture
def blind_proposal():
    """A proposal whose text is full of its team's names."""
    site = a_site(name="Harbor Promise", place="Harbor County")
    site.story = "Harbor Promise was founded by Dr. Miriam Okafor."
    site.save()
    proposal = ProposalFactory(
        site=site,
        title="Harbor Promise for All",
        round=RoundFactory(blind=True),
        state=ProposalState.IN_REVIEW,
        submission=False,
    )
    lead = site.seats.get().holder
    question = proposal.round.questions.get(key="gaps")
    text = f"In Harbor  County, {lead.name} ({lead.email}) of harbor promise and {site.schools.first()} see wide gaps."
    Answer.objects.create(proposal=proposal, question=question, text=text)
    frozen = content.build(proposal)
    Submission.objects.create(
        proposal=proposal, number=1, at=REVIEWED_AT, by=lead, content=frozen, sha256=content.digest(frozen), key="one"
    )
    return proposal


def names_of(proposal):
    """Everything that tells who applies."""
    site = proposal.site
    yield from (site.name, site.place, site.reference, proposal.title)
    for partner in Partner.objects.filter(site=site):
        yield from filter(
            None, (partner.name, partner.signatory_name, partner.signatory_email, partner.ein, partner.shown_ein)
        )
    for seat in Seat.objects.filter(site=site):
        yield from (seat.holder.name, seat.holder.email)
    for school in site.schools.all():
        yield school.name


@pytest.mark.parametrize("state", [ReviewState.ASSIGNED, ReviewState.IN_PROGRESS, ReviewState.SUBMITTED])
def test_blind_review_leaks_no_name_in_any_response(state, client, blind_proposal, rita_reviewer, rolf_reviewer):
    a_review(blind_proposal, rolf_reviewer)
    review = a_review(blind_proposal, rita_reviewer, state=state)
    client.force_login(rita_reviewer)
    responses = [
        client.get(url_of(review)),
        client.get(LIST),
        client.get(reverse("portal:home")),
        client.get(step_of(review, "recuse")),
        client.get(step_of(review, "submit")),
        client.post(url_of(review, "review-save"), form_of(review, points=9)),
        client.post(url_of(review, "review-save"), form_of(review, editor="other", version=99)),
        client.get(reverse("grants:proposal-detail", args=[blind_proposal.reference])),
        client.get(reverse("grants:proposal-content", args=[blind_proposal.reference])),
        client.get(reverse("grants:submission-detail", args=[blind_proposal.reference, 1])),
        client.get(reverse("grants:submission-content", args=[blind_proposal.reference, 1])),
    ]

    text = "\n".join(response.content.decode() for response in responses).lower()

    assert [name for name in names_of(blind_proposal) if name.lower() in text] == []


def test_blind_review_shows_the_text_with_the_names_taken_out(client, blind_proposal, rita_reviewer):
    review = a_review(blind_proposal, rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(rita_reviewer)

    text = client.get(url_of(review)).content.decode()

    assert "In [the place], [a person] ([an address]) of [the coalition] and [a school] see wide gaps." in text


def test_blind_round_is_not_blind_to_staff(client, blind_proposal, rita_reviewer, omar_officer):
    review = a_review(blind_proposal, rita_reviewer)
    client.force_login(omar_officer)

    assert "Harbor Promise" in client.get(url_of(review)).content.decode()


def test_blind_round_is_blind_to_staff_who_review(client, blind_proposal):
    both = UserFactory(roles=[Role.OFFICER, Role.REVIEWER])
    review = a_review(blind_proposal, both, state=ReviewState.IN_PROGRESS)
    client.force_login(both)

    assert "Harbor Promise" not in client.get(url_of(review)).content.decode()


@pytest.mark.parametrize("blind", [True, False])
def test_reviewer_from_outside_is_shown_no_numbers_about_small_groups(blind, client, rita_reviewer, omar_officer):
    proposal = a_submitted_proposal()
    told = {
        "subject": "mathematics", "subject_name": "Mathematics", "grade_band": "3-8", "grades_name": "Grades 3-8",
        "school_year": "2025-26", "test_name": "Harbor State Test", "level_names": ["Low", "High"], "proficient_from": 2,
        "groups": [
            {"group": "white", "name": "White", "counts": [412, 388], "students": 800, "proficient": "48.5"},
            {"group": "asian", "name": "Asian", "counts": [4, 3], "students": 7, "proficient": "42.9"},
            {"group": "hispanic", "name": "Hispanic or Latino", "counts": [67, 54], "students": 121, "proficient": "44.6"},
        ],
        "gaps": [],
    }  # fmt: skip
    submission = proposal.submissions.get()
    frozen = {**submission.content, "baseline": [told]}
    Submission.objects.filter(pk=submission.pk).update(content=frozen)
    Proposal.objects.filter(pk=proposal.pk).update(state=ProposalState.IN_REVIEW, screened_at=REVIEWED_AT)
    proposal.refresh_from_db()
    if blind:
        make_blind(proposal)
        Submission.objects.filter(pk=submission.pk).update(content=frozen)
    inside = UserFactory(roles=[Role.REVIEWER, Role.OFFICER])
    shown = {}
    for reader in (inside, rita_reviewer):
        client.force_login(reader)
        review = a_review(proposal, reader, officer=omar_officer, state=ReviewState.IN_PROGRESS)
        shown[reader] = " ".join(client.get(url_of(review)).content.decode().split())

    outside = shown[rita_reviewer].partition('id="content-baseline"')[2].partition("</section>")[0]
    assert ("48.5 %" in outside, "n&lt;10" in outside, ">412<" in outside, ">4<" in outside) == (
        True,
        True,
        False,
        False,
    )
    assert "44.6" not in outside
    assert ">412<" in shown[inside]
    assert ("Harbor State Test" in outside) is not blind
