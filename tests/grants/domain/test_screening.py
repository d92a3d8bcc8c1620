"""Screening: what the checks find, going on over it knowingly, and several proposals at once."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from grants.domain.queries.screening_checks import screenings
from grants.domain.screening import ELIGIBLE, INELIGIBLE, Choice, Warned, screen_many, screen_proposal
from grants.enums import ProposalState, QuestionKind, Section, SignOffState
from grants.models import Proposal, SignOff, SiteCommitment
from portal import clock
from portal.access import Refused
from portal.activity.models import Entry
from portal.mail.models import Message
from portal.record import Stale
from sites.models import District
from tests.factories.accounts import UserFactory
from tests.factories.dockets import a_reviewed_proposal
from tests.factories.proposals import ProposalFactory, a_submitted_proposal
from tests.factories.rounds import QuestionFactory, RoundFactory, SlotFactory
from tests.factories.sites import PartnerFactory, a_site
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
AFTER_CLOSING = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _after_closing():
    with clock.at(AFTER_CLOSING):
        yield


def a_submitted(**fields):
    """A proposal that was submitted with nothing in it, so that the checks find something."""
    return ProposalFactory(state=ProposalState.SUBMITTED, **fields)


def look(proposal):
    (found,) = screenings([Proposal.objects.select_related("round", "site").get(pk=proposal.pk)])
    return found


def problems(proposal, title):
    return next(each.problems for each in look(proposal).checks if each.title == title)


def screen(proposal, actor, step=ELIGIBLE, **more):
    more = {"version": proposal.version} | more
    return screen_proposal(proposal, step, actor=actor, at=AFTER_CLOSING, **more)


# --- checks ---


def test_district_that_is_not_in_the_list_is_found_once_there_is_a_list():
    proposal = a_submitted(site=a_site(name="Harbor Promise"))
    district = proposal.site.partners.get(kind="district")
    assert problems(proposal, "Identifiers") == ()

    District.objects.create(leaid="2599999", name="Somewhere", state="MA")
    assert problems(proposal, "Identifiers") == (
        f"{district}, district id ({district.leaid}): not in the federal list of districts.",
    )

    District.objects.create(leaid=district.leaid, name="Harbor", state=proposal.site.state)
    assert problems(proposal, "Identifiers") == ()


def test_ceilings_count_what_the_site_holds_already():
    proposal = a_reviewed_proposal(marks=())
    frozen = proposal.submissions.get()
    frozen.content["budget"]["years"] = ["240000.00"] * 5
    Proposal.objects.update(state=ProposalState.SUBMITTED)
    proposal.submissions.all().delete()
    frozen.save(force_insert=True)
    assert problems(proposal, "Ceilings") == ()

    SiteCommitment.objects.create(
        site=proposal.site, school_year="2028-29", amount=Decimal("20000.00"), ceiling=Decimal("250000.00")
    )

    assert problems(proposal, "Ceilings") == (
        f"{proposal.site} would get $240,000 in year 2 (2028-29) and already holds $20,000. "
        "That is $10,000 over the most it may hold in a year, $250,000.",
    )


def test_duplicates_are_found_in_the_round_by_ein_and_beyond_it_by_district():
    round_ = RoundFactory()
    ours = a_site(name="Harbor Promise")
    fund = PartnerFactory(site=ours, name="United Fund", ein="123456789")
    twin, other = a_site(name="Twin Promise"), a_site(name="Other Promise")
    PartnerFactory(site=twin, name="United Fund", ein=fund.ein)
    other.partners.filter(kind="district").update(leaid=ours.partners.get(kind="district").leaid)
    theirs = a_submitted(round=round_, site=twin)
    ProposalFactory(round=round_, site=other, state=ProposalState.DRAFT)

    assert problems(a_submitted(round=round_, site=ours), "Duplicates") == (
        f"{theirs.reference} of Twin Promise names a partner with the same EIN, 12-3456789.",
        "The same district stands under another coalition, Other Promise.",
    )


def test_signatures_and_documents_that_are_missing_are_named():
    round_ = RoundFactory(sign_offs_required=True)
    SlotFactory(round=round_, name="Latest audit", required=True)
    SlotFactory(round=round_, name="A photo", required=False)
    proposal = a_submitted(round=round_)
    first, second, third = proposal.site.partners.all()
    for partner, state, token in ((first, SignOffState.DECLINED, "a"), (second, SignOffState.VOID, "b")):
        SignOff.objects.create(
            proposal=proposal, partner=partner, state=state, email="x@y.example", token_digest=token, answered_at=AFTER_CLOSING,
            decline_reason="We were not asked.", requested_at=AFTER_CLOSING, expires_at=AFTER_CLOSING,
        )  # fmt: skip

    assert problems(proposal, "Attachments") == ("“Latest audit” is missing.",)
    assert problems(proposal, "Sign-offs") == (
        f"{first} declined to sign: We were not asked.",
        f"The signature of {second} is no longer valid, because the text was changed.",
        f"{third} has not signed.",
    )


def test_qualifying_question_answered_no_is_found():
    round_ = RoundFactory()
    QuestionFactory(
        round=round_, key="two-partners", section=Section.ELIGIBILITY, kind=QuestionKind.YES_NO, qualifying=True,
        prompt="Do two partners take part?",
    )  # fmt: skip
    proposal = a_submitted(round=round_)
    frozen = proposal.submissions.get()
    for section in frozen.content["sections"]:
        for answer in section["answers"]:
            if answer["key"] == "two-partners":
                answer["text"] = "no"
    proposal.submissions.all().delete()
    frozen.save(force_insert=True)

    found = look(proposal)

    assert "Answered “no”: Do two partners take part?" in found.problems
    assert found.eligibility_words.startswith("1 of ")


@pytest.mark.parametrize("rows", [1, 30])
def test_checks_take_the_same_queries_however_many_proposals(rows, django_assert_max_num_queries):
    round_ = RoundFactory()
    for _ in range(rows):
        a_submitted(round=round_)
    proposals = list(Proposal.objects.select_related("round", "site"))

    with django_assert_max_num_queries(10):
        assert len(screenings(proposals)) == rows


# --- one ---


def test_proposal_without_warnings_is_found_eligible(omar_officer):
    proposal = a_submitted_proposal()

    screen(proposal, omar_officer)

    assert Proposal.objects.get().state == ProposalState.IN_REVIEW
    assert not Entry.objects.filter(verb="pass_warnings").exists()


def test_proposal_with_warnings_is_found_eligible_only_knowingly(omar_officer):
    proposal = a_submitted(round=RoundFactory(sign_offs_required=True))
    found = look(proposal)

    for known in ("", "another-mark"):
        with pytest.raises(Warned) as raised:
            screen(proposal, omar_officer, known=known)
        assert raised.value.reasons == tuple(
            f"Say that you know this, or ask for changes: {text}" for text in found.problems
        )
    screen(proposal, omar_officer, known=found.mark)

    assert Proposal.objects.get().state == ProposalState.IN_REVIEW
    assert Entry.objects.get(verb="pass_warnings").facts == {"warnings": found.problems}


def test_warning_that_came_up_meanwhile_is_not_passed_by_an_old_mark(omar_officer):
    round_ = RoundFactory()
    proposal = a_submitted(round=round_)
    known = look(proposal).mark
    twin = a_submitted(round=round_)
    leaid = proposal.site.partners.get(kind="district").leaid
    twin.site.partners.filter(kind="district").update(leaid=leaid)

    with pytest.raises(Warned):
        screen(proposal, omar_officer, known=known)


def test_proposal_not_eligible_needs_a_reason_and_no_tick(omar_officer):
    proposal = a_submitted()

    with refuses("Say why: this step needs a written reason."):
        screen(proposal, omar_officer, INELIGIBLE)
    screen(proposal, omar_officer, INELIGIBLE, reason="No union takes part.")

    assert Proposal.objects.get().state == ProposalState.INELIGIBLE
    assert "No union takes part." in Message.objects.get(template="proposal_ineligible").text


def test_screening_by_others_and_of_an_old_version_is_refused(omar_officer, dina_director):
    proposal = a_submitted()

    with refuses("Only program officers screen proposals."):
        screen(proposal, dina_director)
    with pytest.raises(Stale):
        screen(proposal, omar_officer, version=proposal.version + 1)


# --- several ---


def test_several_proposals_each_have_a_result_of_their_own(omar_officer):
    fine, warned = a_submitted_proposal(), a_submitted()
    changed, gone = a_submitted(), ProposalFactory(state=ProposalState.WITHDRAWN)
    choices = [
        Choice(fine, fine.version),
        Choice(warned, warned.version, look(warned).mark),
        Choice(changed, changed.version + 1),
        Choice(gone, gone.version),
    ]

    outcomes = screen_many(choices, ELIGIBLE, actor=omar_officer, at=AFTER_CLOSING)

    assert [(each.proposal, each.done) for each in outcomes] == [
        (fine, True), (warned, True), (changed, False), (gone, False),
    ]  # fmt: skip
    assert outcomes[2].text == "It was changed while you were looking. Read it again and decide then."
    assert outcomes[3].text == f"“Eligible: send to review” is not possible now: {gone} is withdrawn."
    assert list(Proposal.objects.order_by("pk").values_list("state", flat=True)) == [
        "in_review", "in_review", "submitted", "withdrawn",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "step", "reason", "text"),
    [
        (0, ELIGIBLE, "", "Tick at least one proposal."),
        (51, ELIGIBLE, "", "Choose at most 50 proposals at once."),
        (1, INELIGIBLE, " ", "Write a reason; every team reads it."),
    ],
)
def test_several_proposals_that_cannot_be_begun_are_refused(number, step, reason, text, omar_officer):
    choices = [Choice(Proposal(), 1)] * number

    with refuses(text):
        screen_many(choices, step, actor=omar_officer, at=AFTER_CLOSING, reason=reason)


def test_several_proposals_by_somebody_else_are_refused():
    with pytest.raises(Refused, match="Only program officers screen proposals"):
        screen_many([Choice(Proposal(), 1)], ELIGIBLE, actor=UserFactory(), at=AFTER_CLOSING)
