"""Staff's pages of rounds: making one, dates on the wall clock, questions, rubric, steps, and who may."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from grants.enums import ProposalState, RoundState
from grants.models import FundingRound
from portal import clock
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory
from tests.factories.rounds import QuestionFactory, RoundFactory, SlotFactory

pytestmark = pytest.mark.django_db
LIST = reverse("grants:round-list")
NEW = reverse("grants:round-new")


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


def page(name, round_, *more):
    return reverse(f"grants:{name}", args=[round_.reference, *more])


def facts(**more):
    return {
        "name": "Closing the Gaps 2027",
        "summary": "Five-year grants.",
        "guidelines": "",
        "time_zone": "America/New_York",
        "opens_at": "2026-11-02T09:00",
        "closes_at": "2027-02-01T17:00",
        "decision_by": "2027-04-14",
        "first_year_starts_on": "2027-07-01",
        "yearly_ceiling": "$250,000",
        "total_ceiling": "1250000.00",
        "envelope": "$7,500,000",
        "reviews_per_proposal": "3",
        "top_score": "5",
        "report_due_days": "60",
        "sign_offs_required": "on",
    } | more


def errors(response):
    return {name: list(texts) for name, texts in response.context["form"].errors.items()}


# --- making and changing ---


def test_round_made_from_the_form_has_its_instants(client, omar_officer):
    client.force_login(omar_officer)

    response = client.post(NEW, facts())

    round_ = FundingRound.objects.get()
    assert response.url == page("round-detail", round_)
    assert round_.opens_at == datetime(2026, 11, 2, 14, 0, tzinfo=UTC)
    assert round_.closes_at == datetime(2027, 2, 1, 22, 0, tzinfo=UTC)
    assert (round_.state, round_.created_by) == (RoundState.DRAFT, omar_officer)


def test_round_in_another_zone_has_other_instants(client, omar_officer):
    client.force_login(omar_officer)

    client.post(NEW, facts(time_zone="Pacific/Honolulu"))

    assert FundingRound.objects.get().closes_at == datetime(2027, 2, 2, 3, 0, tzinfo=UTC)


def test_round_closing_in_the_hour_the_clocks_skip_is_refused(client, omar_officer):
    client.force_login(omar_officer)

    response = client.post(NEW, facts(closes_at="2027-03-14T02:30", decision_by="2027-04-14"))

    sentence = "There is no 2:30 am on 14 Mar 2027: the clocks skip that hour. Choose another."
    assert (response.status_code, errors(response)) == (422, {"closes_at": [sentence]})
    assert b"2027-03-14T02:30" in response.content


def test_round_closing_in_the_hour_that_happens_twice_closes_at_the_second(client, omar_officer):
    client.force_login(omar_officer)

    client.post(NEW, facts(opens_at="2027-11-07T01:30", closes_at="2027-11-07T01:45", decision_by="",
                           first_year_starts_on="2028-07-01"))  # fmt: skip

    round_ = FundingRound.objects.get()
    # 1:30 daylight time is 5:30 UTC, 1:45 standard time is 6:45 UTC.
    assert round_.opens_at == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)
    assert round_.closes_at == datetime(2027, 11, 7, 6, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (
            {"yearly_ceiling": "$250,000.01"},
            {"yearly_ceiling": ["$250,000.01 is more than the program allows: at most $250,000."]},
        ),
        ({"closes_at": "soon"}, {"closes_at": ["Enter a day and a time, such as 2027-02-01 17:00."]}),
        ({"closes_at": "2027-02-01T17:00Z"}, {"closes_at": ["Enter a day and a time, such as 2027-02-01 17:00."]}),
        ({"closes_at": "2027-02-31T17:00"}, {"closes_at": ["Enter a day and a time, such as 2027-02-01 17:00."]}),
        ({"name": ""}, {"name": ["Fill this in."]}),
        ({"closes_at": "2026-11-01T17:00"}, {"closes_at": ["The call has to close after it opens."]}),
    ],
)
def test_round_that_cannot_be_is_refused_with_the_form_kept(change, wanted, client, omar_officer):
    client.force_login(omar_officer)

    response = client.post(NEW, facts(**change))

    assert (response.status_code, errors(response)) == (422, wanted)
    assert FundingRound.objects.count() == 0


def test_round_saved_on_a_weekend_is_pointed_out(client, omar_officer):
    client.force_login(omar_officer)

    response = client.post(NEW, facts(closes_at="2027-01-30T17:00"), follow=True)

    assert "The call closes on a Saturday: 30 Jan 2027." in [str(each) for each in response.context["messages"]]


def test_round_changed_from_an_old_page_is_refused_with_the_form_kept(client, omar_officer):
    round_ = RoundFactory(state=RoundState.DRAFT)
    FundingRound.objects.filter(pk=round_.pk).update(version=2)
    client.force_login(omar_officer)

    response = client.post(page("round-edit", round_), facts(name="My words", version=1))

    assert (response.status_code, b"My words" in response.content) == (409, True)
    assert b"Somebody else changed this while you had it open." in response.content


def test_round_form_ignores_fields_nobody_enters(client, omar_officer):
    client.force_login(omar_officer)

    client.post(NEW, facts(state="decided", reference="R-1", published_at="2026-01-01", created_by="99", is_demo="1"))

    round_ = FundingRound.objects.get()
    assert (round_.state, round_.reference, round_.published_at, round_.is_demo) == (
        "draft",
        "R-2026-0001",
        None,
        False,
    )


def test_round_with_dates_to_look_at_again_says_so_beside_the_field_and_when_publishing(client, omar_officer):
    round_ = RoundFactory(state=RoundState.DRAFT, closes_at=datetime(2026, 12, 31, 22, 0, tzinfo=UTC))
    client.force_login(omar_officer)
    told = "The call closes on the last day of the year, when hardly anybody is at work: 31 Dec 2026."

    for url in (page("round-edit", round_), page("round-step", round_, "publish"), page("round-detail", round_)):
        assert told in client.get(url).content.decode()


def test_round_that_takes_no_late_requests_is_saved_so(client, omar_officer):
    round_ = RoundFactory(state=RoundState.DRAFT)
    client.force_login(omar_officer)

    client.post(page("round-edit", round_), facts(version=1))

    assert FundingRound.objects.get().takes_late_requests is False


def test_round_used_as_a_start_makes_a_draft_with_its_year_moved_on(client, omar_officer):
    round_ = RoundFactory(name="Closing the Gaps 2027")
    client.force_login(omar_officer)
    url = page("round-copy", round_)
    assert client.get(url).context["form"].initial == {"name": "Closing the Gaps 2028"}

    refused = client.post(url, {"name": ""})
    response = client.post(url, {"name": "Closing the Gaps 2028"})

    copy = FundingRound.objects.get(copied_from=round_)
    assert (refused.status_code, response.url, copy.state) == (422, page("round-edit", copy), RoundState.DRAFT)


# --- steps ---


def test_round_published_through_its_step_page_is_public(client, omar_officer):
    round_ = RoundFactory(state=RoundState.DRAFT)
    client.force_login(omar_officer)
    url = page("round-step", round_, "publish")
    assert b"Anybody can read the call" in client.get(url).content

    response = client.post(url, {"version": 1})

    assert response.url == page("round-detail", round_)
    client.logout()
    assert client.get(page("call-detail", round_)).status_code == 200


@pytest.mark.parametrize("who", ["dina_director", "otto_auditor", "fay_finance"])
def test_round_published_by_staff_who_do_not_run_rounds_is_refused(who, request, client):
    round_ = RoundFactory(state=RoundState.DRAFT)
    client.force_login(request.getfixturevalue(who))

    assert client.post(page("round-step", round_, "publish"), {"version": 1}).status_code == 403
    assert client.get(page("round-detail", round_)).status_code == 200


@pytest.mark.parametrize("who", ["ana_applicant", "rita_reviewer"])
def test_round_pages_are_closed_to_people_outside_the_foundation(who, request, client):
    round_ = RoundFactory()
    client.force_login(request.getfixturevalue(who))

    for url in (LIST, NEW, page("round-detail", round_), page("round-edit", round_), page("question-list", round_)):
        assert client.get(url).status_code == 403


# --- the list and the record ---


def test_round_page_counts_its_proposals_by_state(client, omar_officer):
    round_ = RoundFactory()
    for state in (ProposalState.DRAFT, ProposalState.IN_REVIEW, ProposalState.IN_REVIEW):
        ProposalFactory(round=round_, state=state, submission=False)
    client.force_login(omar_officer)

    response = client.get(page("round-detail", round_))

    assert response.context["counts"] == [(ProposalState.DRAFT, 1), (ProposalState.IN_REVIEW, 2)]


@pytest.mark.parametrize("rows", [1, 30])
def test_round_list_costs_the_same_for_many_rounds(rows, client, omar_officer, django_assert_max_num_queries):
    for _ in range(rows):
        ProposalFactory(round=RoundFactory(core=False, criteria=0), submission=False)
    client.force_login(omar_officer)
    client.get(LIST)

    with django_assert_max_num_queries(6):
        response = client.get(LIST)

    assert len(response.context["rows"]) == rows


def test_round_list_without_rounds_says_what_to_do(client, omar_officer):
    client.force_login(omar_officer)

    assert b"Make the first round" in client.get(LIST).content


@pytest.mark.parametrize("rows", [1, 30])
def test_round_page_costs_the_same_for_many(rows, client, omar_officer, django_assert_max_num_queries):
    round_ = RoundFactory(criteria=rows)
    for number in range(rows):
        QuestionFactory(round=round_, key=f"own-{number}")
        SlotFactory(round=round_)
        ProposalFactory(round=round_, submission=False)
    client.force_login(omar_officer)
    client.get(page("round-detail", round_))

    with django_assert_max_num_queries(20):
        client.get(page("round-detail", round_))


# --- questions and rubric ---


def test_question_added_edited_moved_and_removed_through_its_pages(client, omar_officer):
    round_ = RoundFactory(state=RoundState.DRAFT)
    client.force_login(omar_officer)
    typed = {"place": "plan-coherence", "prompt": "What first?", "help": "", "kind": "text", "word_limit": "50",
             "required": "on"}  # fmt: skip

    client.post(page("question-new", round_), typed)
    client.post(page("question-new", round_), typed | {"prompt": "What next?"})
    own = round_.questions.filter(core=False)
    assert [(each.prompt, each.component_id) for each in own] == [
        ("What first?", "coherence"),
        ("What next?", "coherence"),
    ]

    client.post(page("question-move", round_, "own-2"), {"direction": "up", "version": 3})
    client.post(page("question-edit", round_, "own-1"), typed | {"prompt": "What now?", "version": 4})
    assert [each.prompt for each in own.all()] == ["What next?", "What now?"]
    client.post(page("question-remove", round_, "own-2"), {"version": 5})
    assert [each.prompt for each in own.all()] == ["What now?"]


def test_question_moved_from_an_old_page_says_so_and_changes_nothing(client, omar_officer):
    round_ = RoundFactory(state=RoundState.DRAFT)
    first = QuestionFactory(round=round_, key="own-1", position=90)
    QuestionFactory(round=round_, key="own-2", position=91)
    FundingRound.objects.filter(pk=round_.pk).update(version=4)
    client.force_login(omar_officer)

    response = client.post(page("question-move", round_, "own-2"), {"direction": "up", "version": 3}, follow=True)

    assert b"Somebody else changed this while you had it open." in response.content
    assert round_.questions.filter(core=False).first() == first


def test_question_of_every_round_can_only_be_explained_anew(client, omar_officer):
    round_ = RoundFactory(state=RoundState.DRAFT)
    client.force_login(omar_officer)

    assert client.post(page("question-remove", round_, "gaps"), {"version": 1}).status_code == 404
    form = client.get(page("question-edit", round_, "gaps")).context["form"]
    client.post(page("question-edit", round_, "gaps"), {"help": "Name two.", "prompt": "Mine?", "version": 1})

    assert list(form.fields) == ["help", "version"]
    core = round_.questions.get(key="gaps")
    assert (core.help, core.prompt) == (
        "Name two.",
        "Which gaps in achievement do you want to close, and what causes them?",
    )


def test_criterion_added_and_edited_through_its_pages(client, omar_officer):
    round_ = RoundFactory(state=RoundState.DRAFT, criteria=0)
    client.force_login(omar_officer)
    typed = {"name": "Need", "description": "", "weight": "2", "anchor_1": "Hardly", "anchor_5": "Fully"}

    client.post(page("criterion-new", round_), typed)
    refused = client.post(page("criterion-new", round_), typed)
    client.post(page("criterion-edit", round_, 1), typed | {"name": "Need shown", "version": 2})

    assert errors(refused) == {"name": ["The rubric has a criterion of this name already."]}
    criterion = round_.criteria.get()
    assert (criterion.name, criterion.weight, criterion.anchors) == ("Need shown", 2, {"1": "Hardly", "5": "Fully"})


@pytest.mark.parametrize("name", ["question-list", "criterion-list", "round-preview", "question-new", "criterion-new"])
def test_round_pages_show_for_an_officer(name, client, omar_officer):
    round_ = RoundFactory(state=RoundState.DRAFT)
    client.force_login(omar_officer)

    assert client.get(page(name, round_)).status_code == 200
