"""Amendments: their steps, who decides, and what an extension, a new fiscal agent and new people change."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from grants.domain.amendment import change_amendment, request_amendment, start_amendment
from grants.domain.queries.amendment import changes_of, obstacles_to_requesting
from grants.domain.queries.award_version import versions_of
from grants.domain.queries.todo_amendment import amendments_to_decide
from grants.enums import AmendmentKind, AmendmentState, AwardState, PaymentState
from grants.models import Amendment, Award, AwardVersion, Payment
from grants.workflow import AMENDMENT, AWARD, PAYMENT
from portal import clock
from portal.access import Refused
from portal.accounts.enums import Role
from portal.mail.models import Message
from portal.record import Stale
from reporting.models import AnnualReport
from sites.models import Partner
from tests.factories.accounts import UserFactory
from tests.factories.amendments import ASKED_AT, YEAR_LATER, an_amendment, lead_of
from tests.factories.awards import FULL_YEAR, a_payment, an_award
from tests.factories.sites import PartnerFactory, a_site

pytestmark = pytest.mark.django_db
EXTEND, PAYEE, PEOPLE = AmendmentKind.EXTEND, AmendmentKind.PAYEE, AmendmentKind.PEOPLE
HUNDRED = Decimal("100000.00")
S = AmendmentState
# What may happen from each state; every other step is refused.
GRID = {
    S.DRAFT: {"request": S.REQUESTED, "withdraw": S.WITHDRAWN},
    S.REQUESTED: {"recommend": S.RECOMMENDED, "decline": S.DECLINED, "withdraw": S.WITHDRAWN},
    S.RECOMMENDED: {"approve": S.APPROVED, "decline": S.DECLINED, "withdraw": S.WITHDRAWN},
    S.APPROVED: {},
    S.DECLINED: {},
    S.WITHDRAWN: {},
}  # fmt: skip
ACTORS = {"request": "lead", "withdraw": "lead", "recommend": "officer", "decline": "officer", "approve": "director"}


@pytest.fixture(autouse=True)
def _spring():
    with clock.at(ASKED_AT):
        yield


@pytest.fixture
def award(lea_site_lead):
    return an_award(a_site(lea_site_lead, name="Harbor County Collaboration"), amounts=(HUNDRED,) * 5)


@pytest.mark.parametrize("state", S)
def test_amendment_steps_from_each_state(state, omar_officer, dina_director, lea_site_lead):
    amendment = an_amendment(state=state, lead=lea_site_lead)
    people = {"lead": lea_site_lead, "officer": omar_officer, "director": dina_director}

    reached = {step: _try(amendment, step, people[actor]) for step, actor in ACTORS.items()}

    assert {step: target for step, target in reached.items() if target} == GRID[state]


def _try(amendment, step, actor):
    """The state a step leads to, None when it is not possible from here; nothing of it stays."""
    with transaction.atomic():
        possible = amendment.state in AMENDMENT.by_name[step].sources
        if possible:
            reached = AMENDMENT.perform(amendment, step, actor=actor, at=ASKED_AT, comment="Because.").state
            transaction.set_rollback(True)
            return reached
    with pytest.raises(Refused, match="is not possible now"):
        AMENDMENT.perform(amendment, step, actor=actor, at=ASKED_AT, comment="Because.")
    return None


@pytest.mark.parametrize(
    ("step", "may"),
    [
        ("request", {"lea_site_lead"}),
        ("let_pass", {"lea_site_lead"}),
        ("withdraw", {"lea_site_lead"}),
        ("agree", {"omar_officer"}),
        ("recommend", {"omar_officer"}),
        ("approve", {"dina_director"}),
        ("decline", {"omar_officer", "dina_director"}),
        ("end_with_award", {"dina_director", "lea_site_lead"}),
    ],
)
def test_amendment_step_belongs_to_its_role(step, may, lea_site_lead, request):
    amendment = an_amendment(lead=lea_site_lead)
    cast = (
        "omar_officer",
        "dina_director",
        "fay_finance",
        "otto_auditor",
        "ada_admin",
        "lea_site_lead",
        "sam_stranger",
    )

    allowed = {name for name in cast if AMENDMENT.by_name[step].may(amendment, request.getfixturevalue(name))}

    assert allowed == may


def test_amendment_is_not_approved_by_whoever_recommended_it():
    both = UserFactory(roles=[Role.OFFICER, Role.DIRECTOR])
    amendment = an_amendment(state=S.RECOMMENDED, officer=both)

    with pytest.raises(Refused, match="You recommended this amendment"):
        AMENDMENT.perform(amendment, "approve", actor=both, at=ASKED_AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Amendment.objects.filter(pk=amendment.pk).update(state=S.APPROVED, decided_by=both, decided_at=ASKED_AT)


def test_amendment_second_open_one_is_refused_also_by_the_database(award, lea_site_lead):
    first = an_amendment(award)

    with pytest.raises(Refused, match=f"{first.reference} is open. Finish or withdraw it first"):
        start_amendment(award, EXTEND, reason="Again.", ends_on=YEAR_LATER, actor=lea_site_lead, at=ASKED_AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Amendment.objects.create(
            reference="M-2027-9999", award=award, kind=EXTEND, reason="Again.", started_by=lea_site_lead
        )


@pytest.mark.parametrize("state", [AwardState.OFFERED, AwardState.TERMINATED, AwardState.CLOSED])
def test_amendment_of_an_award_that_is_not_active_is_refused(state):
    award = an_award(state=state)

    with pytest.raises(Refused, match="Only an active award can be changed"):
        start_amendment(award, PEOPLE, reason="New.", people="Ann for Ben.", actor=lead_of(award), at=ASKED_AT)


def test_extension_moves_the_last_day_and_the_last_report(award):
    report = AnnualReport.objects.get(award_year__award=award, award_year__number=5)

    an_amendment(award, state=S.APPROVED)

    award.refresh_from_db()
    assert (award.ends_on, award.years.last().ends_on) == (YEAR_LATER, YEAR_LATER)
    changed = AnnualReport.objects.get(pk=report.pk)
    assert (changed.due_on - report.due_on).days == 365


@pytest.mark.parametrize(
    ("ends_on", "sentence"),
    [
        (None, "Choose the new last day."),
        (date(2032, 6, 30), "The award runs until 30 Jun 2032 already. Choose a later day."),
        (date(2033, 7, 1), "An extension adds 12 months at most: choose 30 Jun 2033 or an earlier day."),
    ],
)
def test_extension_that_is_no_extension_cannot_be_asked_for(award, ends_on, sentence):
    assert obstacles_to_requesting(an_amendment(award, ends_on=ends_on)) == [sentence]


def test_extension_after_the_end_cannot_be_asked_for(award):
    amendment = an_amendment(award)

    with clock.at(ASKED_AT.replace(year=2032, month=7)):
        assert obstacles_to_requesting(amendment) == [
            "The award ended on 30 Jun 2032. More time has to be asked for on that day or before it."
        ]


def test_new_fiscal_agent_is_paid_from_then_on_and_frozen_payments_keep_theirs(award, fay_finance):
    payment = a_payment(Payment.objects.get(award_year__award=award, award_year__number=1), state=PaymentState.PREPARED)
    old = award.payee_name
    fund = PartnerFactory(site=award.site, name="Harbor Education Fund")

    an_amendment(award, kind=PAYEE, payee=fund, state=S.APPROVED)

    award.refresh_from_db()
    assert (award.payee_name, award.payee_ein) == ("Harbor Education Fund", fund.ein)
    assert Payment.objects.get(pk=payment.pk).payee_name == old
    again = PAYMENT.perform(payment, "send_back", actor=fay_finance, at=ASKED_AT, comment="New payee.")
    assert PAYMENT.perform(again, "prepare", actor=fay_finance, at=ASKED_AT).payee_name == "Harbor Education Fund"


def test_fiscal_agent_without_tax_status_or_of_another_site_cannot_be_asked_for(award):
    bare = PartnerFactory(site=award.site, name="Harbor Reading Club", tax_status="")
    amendment = an_amendment(award, kind=PAYEE, payee=bare)
    assert obstacles_to_requesting(amendment) == [
        "The coalition’s record does not say the EIN and the tax status of Harbor Reading Club. The site lead adds them."
    ]
    Partner.objects.filter(pk=bare.pk).update(site=a_site())
    amendment = Amendment.objects.get(pk=amendment.pk)
    assert obstacles_to_requesting(amendment) == [f"Harbor Reading Club is not a partner of {award.site}."]


def test_new_people_need_an_officers_agreement_only(award, lea_site_lead, omar_officer):
    amendment = an_amendment(award, kind=PEOPLE, people="Ann Reyes follows Ben Ode.", state=S.REQUESTED)
    assert amendment.needs_approval is False
    assert AMENDMENT.verdict(amendment, "recommend", omar_officer).reason == (
        "New people need your agreement only, not a director’s."
    )

    agreed = AMENDMENT.perform(amendment, "agree", actor=omar_officer, at=ASKED_AT, comment="We met her.")

    assert (agreed.state, agreed.decided_by, agreed.decision_reason) == (S.APPROVED, omar_officer, "We met her.")
    assert award.versions.last().content["people"] == ["Ann Reyes follows Ben Ode."]
    assert [(each.label, each.after) for each in changes_of(agreed)] == [("People", "Ann Reyes follows Ben Ode.")]


def test_officer_alone_cannot_agree_to_an_extension(award, omar_officer):
    amendment = an_amendment(award, state=S.REQUESTED)

    with pytest.raises(Refused, match="you recommend it, and a director decides"):
        AMENDMENT.perform(amendment, "agree", actor=omar_officer, at=ASKED_AT, comment="Fine.")


def test_declined_amendment_changes_nothing_and_tells_the_team_why(award, lea_site_lead):
    amendment = an_amendment(award, state=S.DECLINED)

    assert award.versions.count() == 1
    letter = Message.objects.get(key=f"amendment_declined:{amendment.pk}:{lea_site_lead.email}")
    assert "Finish in time." in letter.text


def test_award_that_ends_takes_its_open_amendment_with_it(award, dina_director):
    amendment = an_amendment(award, state=S.RECOMMENDED)

    AWARD.perform(award, "terminate", actor=dina_director, at=ASKED_AT, comment="The district left.")

    assert Amendment.objects.get(pk=amendment.pk).state == S.WITHDRAWN


def test_draft_is_changed_by_its_version_and_not_once_it_was_asked_for(award, lea_site_lead):
    draft = an_amendment(award)
    changed = change_amendment(
        draft, reason="Later.", ends_on=date(2032, 9, 30), actor=lea_site_lead, at=ASKED_AT, version=draft.version
    )
    assert (changed.reason, changed.ends_on) == ("Later.", date(2032, 9, 30))

    with pytest.raises(Stale):
        change_amendment(draft, reason="Mine.", actor=lea_site_lead, at=ASKED_AT, version=draft.version)
    request_amendment(changed, actor=lea_site_lead, at=ASKED_AT)
    with pytest.raises(Refused, match="so its text is fixed"):
        change_amendment(changed, reason="Mine.", actor=lea_site_lead, at=ASKED_AT)


def test_draft_is_the_teams_own_until_it_is_asked_for(award, lea_site_lead, omar_officer, sam_stranger):
    amendment = an_amendment(award)

    seen = [list(Amendment.objects.visible_to(each)) for each in (lea_site_lead, omar_officer, sam_stranger)]
    assert seen == [[amendment], [], []]
    request_amendment(amendment, actor=lea_site_lead, at=ASKED_AT)
    assert list(Amendment.objects.visible_to(omar_officer)) == [amendment]


def test_amendment_stands_in_the_list_of_whoever_is_next(award, omar_officer, dina_director):
    amendment = an_amendment(award, state=S.REQUESTED)
    assert [each.text for each in amendments_to_decide(omar_officer, ASKED_AT)] == [
        f"Read the amendment {amendment.reference}"
    ]

    AMENDMENT.perform(amendment, "recommend", actor=omar_officer, at=ASKED_AT, comment="Yes.")

    assert list(amendments_to_decide(omar_officer, ASKED_AT)) == []
    assert [each.text for each in amendments_to_decide(dina_director, ASKED_AT)] == [
        f"Decide on the amendment {amendment.reference}"
    ]


def test_versions_say_what_each_changed(award):
    an_amendment(award, state=S.APPROVED)

    second, first = versions_of(award)

    assert (first.version.number, first.changes) == (1, ())
    assert [(each.label, each.before, each.after) for each in second.changes] == [
        ("Last day of the award", "30 Jun 2032", "30 Jun 2033")
    ]


def test_version_1_belongs_to_no_amendment_also_in_the_database(award):
    amendment = an_amendment(award)

    with pytest.raises(IntegrityError), transaction.atomic():
        AwardVersion.objects.filter(award=award).update(amendment=amendment)


def test_award_made_has_its_first_version():
    award = an_award(state=AwardState.APPROVED)

    first = award.versions.get()

    assert (first.number, first.by, first.content["amount"]) == (1, award.approved_by, "1250000.00")
    assert first.content["years"][0]["components"] == {
        "collaboration": "100000.00", "partnerships": "90000.00", "coherence": "60000.00",
    }  # fmt: skip
    assert Award.objects.get(pk=award.pk).amount == FULL_YEAR * 5
