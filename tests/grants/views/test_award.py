"""Pages of awards: who sees which, what every role reads, and what the page says comes next."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from grants.domain.payment import meet_condition
from grants.enums import AgreementState, AwardState, ConditionKind, PaymentState
from grants.models import Award, Payment
from grants.workflow import AWARD
from portal import clock
from tests.factories.agreements import an_agreement
from tests.factories.awards import APPROVED_AT, a_payment, accept_reports, an_award
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
# In the first award year of the factories' rounds.
AUTUMN = datetime(2027, 10, 4, 16, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _autumn():
    with clock.at(AUTUMN):
        yield


def page_of(award):
    return reverse("grants:award-detail", args=[award.reference])


def step_of(award, step):
    return reverse("grants:award-step", args=[award.reference, step])


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("person", ["omar_officer", "dina_director", "fay_finance", "otto_auditor", "lea_site_lead"])
def test_award_page_reads_the_same_for_every_role(person, client, lea_site_lead, request):
    award = an_award(a_site(lea_site_lead, name="Harbor County Collaboration"))
    client.force_login(request.getfixturevalue(person))

    response = client.get(page_of(award))

    assert response.status_code == 200
    assert [story.year.school_year for story in response.context["years"]] == [
        "2027-28", "2028-29", "2029-30", "2030-31", "2031-32",
    ]  # fmt: skip
    for words in ("Where the money is", "Awarded by component", "Ceilings", "Paid to", "Year by year"):
        assert words in text_of(response)


@pytest.mark.parametrize("person", ["sam_stranger", "rita_reviewer", "ada_admin"])
def test_award_of_somebody_else_is_not_found(person, client, request):
    client.force_login(request.getfixturevalue(person))

    assert client.get(page_of(an_award())).status_code == 404


def test_award_before_its_announcement_is_not_found_by_its_team(client, lea_site_lead, omar_officer):
    award = an_award(state=AwardState.APPROVED, lead=lea_site_lead)

    client.force_login(lea_site_lead)
    assert client.get(page_of(award)).status_code == 404
    assert award.reference not in text_of(client.get(reverse("grants:award-list")))
    client.force_login(omar_officer)
    assert client.get(page_of(award)).context["next"].title == "The decision is not announced yet"


@pytest.mark.parametrize("state", AwardState)
def test_award_page_opens_in_every_state(state, client, omar_officer):
    award = an_award(state=state)
    client.force_login(omar_officer)

    assert client.get(page_of(award)).status_code == 200


def test_award_page_shows_money_adding_up(client, omar_officer):
    award = an_award()
    first, second, *_ = Payment.objects.filter(award_year__award=award)
    a_payment(first, state=PaymentState.PAID)
    a_payment(second, state=PaymentState.CANCELLED)
    client.force_login(omar_officer)

    money = client.get(page_of(award)).context["money"].together

    assert (money.awarded, money.paid, money.scheduled, money.remaining) == (
        Decimal("1250000.00"), Decimal("250000.00"), Decimal("750000.00"), Decimal("250000.00"),
    )  # fmt: skip


def test_offered_award_asks_for_its_agreement_and_has_no_other_start(client, omar_officer, dina_director):
    award = an_award(state=AwardState.OFFERED)
    client.force_login(omar_officer)
    page = client.get(page_of(award))

    assert page.context["next"].action == "Write the agreement"
    assert [offer.step.name for offer in page.context["offers"]] == []
    assert client.post(step_of(award, "activate"), {"version": award.version}).status_code == 404


@pytest.mark.parametrize(
    ("state", "officer", "director"),
    [
        (AgreementState.DRAFT, "Read it and send it out", "Open the draft"),
        (AgreementState.OUT, "Open the agreement", "Open the agreement"),
        (AgreementState.SIGNED, "Open the agreement", "Read and sign"),
    ],
)
def test_award_says_whose_turn_it_is_with_the_agreement(state, officer, director, client, omar_officer, dina_director):
    agreement = an_agreement(state=state, officer=omar_officer)
    told = []
    for person in (omar_officer, dina_director):
        client.force_login(person)
        told.append(client.get(page_of(agreement.award)).context["next"].action)

    assert told == [officer, director]


def test_award_given_back_by_its_lead_after_reading_what_it_costs(client, lea_site_lead):
    award = an_award(lead=lea_site_lead)
    a_payment(Payment.objects.filter(award_year__award=award).first(), state=PaymentState.CLEARED)
    client.force_login(lea_site_lead)

    page = text_of(client.get(step_of(award, "withdraw")))
    response = client.post(step_of(award, "withdraw"), {"version": award.version, "comment": "The district left."})

    assert "<dt>Released, on its way to the bank</dt><dd>$250,000</dd>" in page
    assert "<dt>Returns to the foundation’s envelope</dt><dd>$1,000,000</dd>" in page
    assert response.status_code == 302
    following = client.get(page_of(award)).context["next"]
    assert following.title == "This award was given back"
    assert (
        following.text
        == "Given back on 4 Oct 2027. $0 was paid. $250,000 is on its way. $1,000,000 went back to the envelope."
    )


def test_award_line_places_agreement_payments_and_reports_in_words(client, omar_officer):
    agreement = an_agreement(state=AgreementState.IN_FORCE, officer=omar_officer)
    award = Award.objects.get()
    a_payment(Payment.objects.filter(award_year__award=award).first(), state=PaymentState.PAID)
    client.force_login(omar_officer)

    context = client.get(page_of(award)).context

    assert [lane.name for lane in context["line"].lanes] == ["Agreement", "Payments", "Reports"]
    assert context["line"].description == (
        "From 1 Jul 2027 to 30 Jun 2032. Agreement: 3 events, 3 done. Payments: 5 events, 1 done. "
        "Reports: 5 events, 0 done."
    )
    assert [(event.on.isoformat(), event.text) for event in context["events"][:3]] == [
        ("2027-04-05", "Award announced"),
        ("2027-04-05", "Payment of $250,000, year 1"),
        ("2027-04-15", f"Agreement {agreement.reference} in force"),
    ]
    assert context["line"].today


def test_offered_award_tells_the_team_who_signs(client, lea_site_lead):
    award = an_award(state=AwardState.OFFERED, lead=lea_site_lead)
    client.force_login(lea_site_lead)

    following = client.get(page_of(award)).context["next"]

    assert (following.title, following.action) == ("The agreement has to be signed", "")


def test_active_award_says_what_the_next_payment_waits_for(client, fay_finance):
    award = an_award()
    first = Payment.objects.filter(award_year__award=award).first()
    client.force_login(fay_finance)

    late = client.get(page_of(award)).context["next"]
    a_payment(first, state=PaymentState.PAID)
    waiting = client.get(page_of(award)).context["next"]

    assert (late.title, late.text) == ("Next payment: $250,000, was due on 1 Jul 2027", "Ready to prepare.")
    assert (waiting.title, waiting.text) == (
        "Next payment: $250,000, due on 1 Jul 2028",
        "The report for year 1 is not accepted yet.",
    )


def test_award_with_everything_paid_waits_for_reports_and_then_for_its_closing(client, omar_officer):
    award = an_award()
    for number, payment in enumerate(Payment.objects.filter(award_year__award=award), start=1):
        meet_condition(award, number, ConditionKind.REPORT_ACCEPTED, at=AUTUMN)
        a_payment(payment, state=PaymentState.PAID)
    client.force_login(omar_officer)

    unfinished = client.get(page_of(award)).context["next"]
    accept_reports(award, omar_officer)
    done = client.get(page_of(award)).context["next"]

    assert unfinished.title == "No payment is waiting. Before the award can be closed:"
    assert len(unfinished.items) == 5
    assert done.action == "Open the close-out"


def test_award_ended_early_says_what_went_back(client, omar_officer):
    award = an_award(state=AwardState.TERMINATED)
    client.force_login(omar_officer)

    following = client.get(page_of(award)).context["next"]

    assert following.clear
    assert following.text == "Ended on 5 Apr 2027. $0 was paid. $1,250,000 went back to the envelope."


def test_award_ended_early_says_what_was_released_before_and_waits(client, dina_director, omar_officer):
    award = an_award()
    first, second, *_ = Payment.objects.filter(award_year__award=award)
    second.conditions.update(met_at=APPROVED_AT)
    for payment in (first, second):
        a_payment(payment, state=PaymentState.CLEARED)
    AWARD.perform(award, "terminate", actor=dina_director, at=APPROVED_AT, comment="The district left.")
    second.refresh_from_db()
    a_payment(second, state=PaymentState.HELD)
    client.force_login(omar_officer)

    following = client.get(page_of(award)).context["next"]

    first.refresh_from_db()
    assert not following.clear
    assert following.text == (
        "Ended on 5 Apr 2027. $0 was paid. $250,000 is on its way. $250,000 was released before the end and stopped "
        "since: it is paid or cancelled. $750,000 went back to the envelope."
    )
    assert following.items == (
        f"$250,000: Released by {first.released_by}. Record it once the bank has paid.",
        "$250,000: On hold: The bank details are being checked.",
    )


def test_award_is_ended_by_a_director_with_a_reason(client, dina_director):
    award = an_award()
    client.force_login(dina_director)

    without = client.post(step_of(award, "terminate"), {"version": award.version, "comment": ""})
    with_reason = client.post(step_of(award, "terminate"), {"version": award.version, "comment": "It dissolved."})

    assert without.status_code == 200
    assert with_reason.status_code == 302
    assert Award.objects.get(pk=award.pk).state == AwardState.TERMINATED


def test_award_is_not_ended_by_an_officer(client, omar_officer):
    award = an_award()
    client.force_login(omar_officer)

    response = client.post(step_of(award, "terminate"), {"version": award.version, "comment": "No."})

    assert response.status_code == 403
    assert Award.objects.get(pk=award.pk).state == AwardState.ACTIVE


def test_award_step_without_a_page_of_its_own_is_not_found(client, omar_officer):
    award = an_award(state=AwardState.APPROVED)
    client.force_login(omar_officer)

    assert client.get(step_of(award, "offer")).status_code == 404


def test_award_page_puts_a_payment_within_reach_when_a_year_has_money_left(client, fay_finance, lea_site_lead):
    award = an_award(lead=lea_site_lead)
    a_payment(Payment.objects.filter(award_year__award=award).first(), state=PaymentState.CANCELLED)
    link = reverse("grants:payment-schedule", args=[award.reference, 1])

    client.force_login(fay_finance)
    assert link in text_of(client.get(page_of(award)))
    client.force_login(lea_site_lead)
    assert link not in text_of(client.get(page_of(award)))


def test_award_list_of_a_team_shows_its_own(client, lea_site_lead):
    mine = an_award(lead=lea_site_lead)
    an_award()
    client.force_login(lea_site_lead)

    page = client.get(reverse("grants:award-list")).context["page"]

    assert [award.reference for award in page] == [mine.reference]


def test_award_list_says_what_was_paid_and_what_is_due(client, omar_officer):
    award = an_award()
    a_payment(Payment.objects.filter(award_year__award=award).first(), state=PaymentState.PAID)
    client.force_login(omar_officer)

    (row,) = client.get(reverse("grants:award-list")).context["page"]

    assert (row.paid, row.next_due) == (Decimal("250000.00"), date(2028, 7, 1))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "harbor county"}, ["Harbor County Collaboration"]),
        ({"q": "Three Rivers"}, ["Three Rivers Promise"]),
        ({"state": "offered"}, ["Three Rivers Promise"]),
        ({"q": "nowhere"}, []),
        ({"state": "no-such-state"}, ["Three Rivers Promise", "Harbor County Collaboration"]),
    ],
)
def test_award_list_is_filtered(query, found, client, omar_officer):
    an_award(a_site(name="Harbor County Collaboration", place="Harbor"))
    an_award(a_site(name="Three Rivers Promise", place="Three Rivers"), state=AwardState.OFFERED)
    client.force_login(omar_officer)

    page = client.get(reverse("grants:award-list"), query).context["page"]

    assert [award.site.name for award in page] == found


def test_award_list_is_narrowed_by_round_and_site_of_its_own_awards(client, omar_officer, lea_site_lead):
    ours, theirs = an_award(lead=lea_site_lead), an_award()
    client.force_login(omar_officer)

    for query in ({"round": ours.round.reference}, {"site": ours.site.reference}):
        page = client.get(reverse("grants:award-list"), query).context["page"]
        assert [award.pk for award in page] == [ours.pk]
    client.force_login(lea_site_lead)
    form = client.get(reverse("grants:award-list")).context["form"]
    assert list(form.fields["site"].queryset) == [ours.site]
    assert theirs.site not in form.fields["site"].queryset


def test_award_list_without_an_award_says_what_would_bring_one(client, omar_officer, sam_stranger):
    client.force_login(omar_officer)
    assert "when a director approves a docket" in text_of(client.get(reverse("grants:award-list")))
    client.force_login(sam_stranger)
    assert "When your coalition is awarded a grant" in text_of(client.get(reverse("grants:award-list")))


def test_award_list_costs_the_same_for_thirty_rows(client, omar_officer, django_assert_max_num_queries):
    client.force_login(omar_officer)
    an_award()
    with django_assert_max_num_queries(12) as one:
        client.get(reverse("grants:award-list"))
    for _ in range(29):
        an_award(state=AwardState.APPROVED)
    with django_assert_max_num_queries(12) as thirty:
        client.get(reverse("grants:award-list"))

    assert len(thirty) == len(one)


def test_award_page_costs_no_more_than_a_record_page_may(client, omar_officer, django_assert_max_num_queries):
    award = an_award()
    client.force_login(omar_officer)

    with django_assert_max_num_queries(20):
        client.get(page_of(award))
