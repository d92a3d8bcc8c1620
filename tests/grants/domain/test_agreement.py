"""Agreements: every step of their life, and what each brings about."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from grants.domain.agreement import countersign, replace_agreement, write_agreement
from grants.domain.agreement_content import build, reading
from grants.domain.agreement_terms import Clause, clauses, standard_terms
from grants.domain.content import digest
from grants.domain.queries.agreement import standings
from grants.enums import AgreementState, AwardState, ConditionKind, SignOffState
from grants.models import Agreement, Award, Payment, PaymentCondition
from grants.workflow import AGREEMENT, AWARD
from portal.access import Refused
from portal.activity.models import Entry
from portal.jobs.models import Job
from portal.mail.models import Message
from portal.record import Stale
from tests.factories.agreements import CONDITIONS, TERMS, WRITTEN_AT, an_agreement, sign_it, signatures_of
from tests.factories.awards import APPROVED_AT, an_award
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
LATER = WRITTEN_AT + timedelta(days=1)
# What may happen from each state; every other step is refused.
GRID = {
    AgreementState.DRAFT: {"send": AgreementState.OUT, "end_with_award": AgreementState.REPLACED},
    AgreementState.OUT: {
        "complete": AgreementState.SIGNED,
        "replace": AgreementState.REPLACED,
        "end_with_award": AgreementState.REPLACED,
    },
    AgreementState.SIGNED: {
        "countersign": AgreementState.IN_FORCE,
        "replace": AgreementState.REPLACED,
        "end_with_award": AgreementState.REPLACED,
    },
    AgreementState.IN_FORCE: {"replace": AgreementState.REPLACED},
    AgreementState.REPLACED: {},
}


def in_state(state, **rest):
    if state != AgreementState.REPLACED:
        return an_agreement(state=state, **rest)
    agreement = an_agreement(**rest)
    replace_agreement(agreement, because="A wrong amount.", actor=agreement.made_by, at=LATER)
    return Agreement.objects.get(pk=agreement.pk)


@pytest.mark.parametrize("step", ["send", "complete", "countersign", "replace", "end_with_award"])
@pytest.mark.parametrize("state", AgreementState)
def test_agreement_step_from_each_state(state, step, omar_officer, dina_director):
    agreement = in_state(state)
    if step == "complete" and state == AgreementState.OUT:
        agreement.signatures.update(
            state=SignOffState.SIGNED, answered_at=LATER, signed_name="Grace Ellery", content_sha256=agreement.sha256
        )
    actors = {"complete": None, "countersign": dina_director, "end_with_award": dina_director}
    facts = {"title": "Director", "content_sha256": agreement.sha256} if step == "countersign" else {}
    expected = GRID[state].get(step)

    def act():
        return AGREEMENT.perform(
            agreement, step, actor=actors.get(step, omar_officer), at=LATER, comment="Agreed.", **facts
        )

    if expected:
        assert act().state == expected
    else:
        with pytest.raises(Refused, match="is not possible now"):
            act()


# Who may take each step; "complete" belongs to the last partner's signature alone.
MAY = {
    "send": {"omar_officer"},
    "complete": set(),
    "countersign": {"dina_director"},
    "replace": {"omar_officer"},
    "end_with_award": {"dina_director", "lea_site_lead"},
}
PEOPLE = ["omar_officer", "dina_director", "fay_finance", "otto_auditor", "ada_admin", "lea_site_lead"]


def test_agreement_steps_belong_to_their_roles(lea_site_lead, request):
    agreement = an_agreement(lead=lea_site_lead)
    people = {person: request.getfixturevalue(person) for person in PEOPLE}

    may = {
        step: {name for name, person in people.items() if AGREEMENT.by_name[step].may(agreement, person)}
        for step in MAY
    }

    assert may == MAY


def test_agreement_is_not_countersigned_by_who_sent_it(dina_director):
    agreement = an_agreement(state=AgreementState.SIGNED)
    agreement.sent_by = dina_director
    agreement.save()

    with pytest.raises(Refused, match="another director has to sign it"):
        countersign(agreement, title="Director", content_sha256=agreement.sha256, actor=dina_director, at=LATER)


def test_agreement_is_written_and_changed_as_a_draft(omar_officer):
    award = an_award(state=AwardState.OFFERED)

    first = write_agreement(award, terms=TERMS, conditions="", actor=omar_officer, at=WRITTEN_AT)
    second = write_agreement(
        award, terms="Other terms.", conditions=CONDITIONS, actor=omar_officer, at=LATER, version=first.version
    )

    assert (second.pk, second.number, second.terms, second.conditions) == (first.pk, 1, "Other terms.", CONDITIONS)
    with pytest.raises(Stale):
        write_agreement(award, terms="Mine.", conditions="", actor=omar_officer, at=LATER, version=first.version)


def test_agreement_is_refused_for_others_other_states_and_without_terms(omar_officer, dina_director):
    offered, approved = an_award(state=AwardState.OFFERED), an_award(state=AwardState.APPROVED)

    with pytest.raises(Refused, match="Only program officers"):
        write_agreement(offered, terms=TERMS, conditions="", actor=dina_director, at=WRITTEN_AT)
    with pytest.raises(Refused, match="not announced yet"):
        write_agreement(approved, terms=TERMS, conditions="", actor=omar_officer, at=WRITTEN_AT)
    with pytest.raises(ValidationError, match="Write the terms"):
        write_agreement(offered, terms="  ", conditions="", actor=omar_officer, at=WRITTEN_AT)


def test_agreement_out_is_fixed(omar_officer):
    agreement = an_agreement()

    with pytest.raises(Refused, match="Replace it to change it"):
        write_agreement(
            agreement.award, terms="Other.", conditions="", actor=omar_officer, at=LATER, version=agreement.version
        )


def test_agreement_sent_freezes_parties_amounts_days_and_payee():
    site = a_site(name="Harbor County Collaboration")
    agreement = an_agreement(an_award(site, state=AwardState.OFFERED))
    says = agreement.content

    agent = site.fiscal_agent
    assert agreement.sha256 == digest(says)
    assert says["payee"] == {
        "name": agent.name, "ein": agent.shown_ein, "tax_status": agent.get_tax_status_display(),
    }  # fmt: skip
    assert [(party["role"], party["is_payee"]) for party in says["parties"]] == [
        ("School district", False), ("Education union", False), ("Community partner", True),
    ]  # fmt: skip
    assert says["years"][0] == {
        "number": 1, "school_year": "2027-28", "starts_on": "2027-07-01", "ends_on": "2028-06-30",
        "amount": "250000.00", "components": ["100000.00", "90000.00", "60000.00"],
        "report_due": says["years"][0]["report_due"],
    }  # fmt: skip
    assert says["years"][0]["report_due"].startswith("2028-")
    assert (says["amount"], says["yearly_ceiling"], says["total_ceiling"]) == (
        "1250000.00", "250000.00", "1250000.00",
    )  # fmt: skip
    assert says["payments"][1] == {
        "year": 2, "due_on": "2028-07-01", "amount": "250000.00",
        "conditions": ["This agreement is in force.", "The report for year 1 is accepted."],
    }  # fmt: skip
    assert (says["conditions"], says["terms"], says["replaces"]) == (CONDITIONS, TERMS, "")


def test_agreement_sent_asks_every_partner_and_for_its_pdf():
    agreement = an_agreement()

    assert [each.state for each in signatures_of(agreement)] == [SignOffState.REQUESTED] * 3
    mails = Message.objects.filter(template="agreement_request")
    assert set(mails.values_list("to", "secret")) == {
        (each.signatory_email, True) for each in agreement.award.site.partners.all()
    }
    assert Job.objects.get(kind="agreement-pdf").facts == {"agreement": agreement.pk, "which": "sent"}


def test_agreement_of_a_partner_without_a_signatory_is_not_sent(omar_officer):
    agreement = an_agreement(state=AgreementState.DRAFT)
    agreement.award.site.partners.filter(kind="union").update(signatory_email="")

    with pytest.raises(Refused, match=r"does not say who signs for .* Education Association"):
        AGREEMENT.perform(agreement, "send", actor=omar_officer, at=LATER)
    assert not signatures_of(agreement)


def test_agreement_signed_by_all_goes_to_the_directors(dina_director):
    agreement = an_agreement()
    first, second, third = signatures_of(agreement)

    sign_it(first)
    sign_it(second)
    assert Agreement.objects.get().state == AgreementState.OUT
    sign_it(third)

    assert Agreement.objects.get().state == AgreementState.SIGNED
    told = set(Message.objects.filter(template="agreement_complete").values_list("to", flat=True))
    assert told == {dina_director.email, agreement.award.approved_by.email}


def test_agreement_countersigned_starts_the_award_in_one_act(dina_director, lea_site_lead):
    agreement = an_agreement(state=AgreementState.SIGNED, lead=lea_site_lead)

    countersign(agreement, title=" Director ", content_sha256=agreement.sha256, actor=dina_director, at=LATER)

    agreement = Agreement.objects.get()
    award = Award.objects.get()
    assert (agreement.state, agreement.countersigned_by, agreement.countersigned_title) == (
        AgreementState.IN_FORCE, dina_director, "Director",
    )  # fmt: skip
    assert (award.state, award.agreed_at) == (AwardState.ACTIVE, LATER)
    assert Payment.objects.count() == 5
    signed = PaymentCondition.objects.filter(kind=ConditionKind.AGREEMENT_SIGNED)
    assert set(signed.values_list("met_at", flat=True)) == {LATER}
    assert Job.objects.filter(kind="agreement-pdf", facts__which="signed").exists()
    told = set(Message.objects.filter(template="agreement_in_force").values_list("to", flat=True))
    assert told == {
        lea_site_lead.email, agreement.sent_by.email, award.recommended_by.email,
        *award.site.partners.values_list("signatory_email", flat=True),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "error"),
    [({"title": " "}, ValidationError), ({"content_sha256": "0" * 64}, Refused), ({"version": 1}, Stale)],
)
def test_agreement_countersigned_wrongly_changes_nothing(facts, error, dina_director):
    agreement = an_agreement(state=AgreementState.SIGNED)
    facts = {"title": "Director", "content_sha256": agreement.sha256, **facts}

    with pytest.raises(error):
        countersign(agreement, **facts, actor=dina_director, at=LATER)

    assert (Agreement.objects.get().state, Award.objects.get().state) == (AgreementState.SIGNED, AwardState.OFFERED)
    assert not Payment.objects.exists()


def test_agreement_replaced_ends_its_signatures_and_tells_who_was_asked(omar_officer):
    agreement = an_agreement()
    sign_it(signatures_of(agreement)[0])

    following = replace_agreement(agreement, because="The dates are wrong.", actor=omar_officer, at=LATER)

    assert [each.state for each in signatures_of(agreement)] == [
        SignOffState.VOID, SignOffState.WITHDRAWN, SignOffState.WITHDRAWN,
    ]  # fmt: skip
    assert {each.ended_because for each in signatures_of(agreement)} == {"The dates are wrong."}
    assert Message.objects.filter(template="agreement_replaced").count() == 3
    assert (following.number, following.state, following.terms) == (2, AgreementState.DRAFT, TERMS)
    assert build(following)["replaces"] == agreement.reference


def test_agreement_of_an_active_award_is_replaced_without_stopping_it(omar_officer, dina_director):
    agreement = an_agreement(state=AgreementState.IN_FORCE)
    award = Award.objects.get()

    following = replace_agreement(agreement, because="It was amended.", actor=omar_officer, at=LATER)
    following = AGREEMENT.perform(following, "send", actor=omar_officer, at=LATER)
    for each in signatures_of(following):
        sign_it(each, at=LATER)
    following.refresh_from_db()
    countersign(following, title="Director", content_sha256=following.sha256, actor=dina_director, at=LATER)

    assert Award.objects.get().agreed_at == award.agreed_at
    assert Payment.objects.count() == 5
    assert following.content["payments"][1]["conditions"] == [
        "This agreement is in force.", "The report for year 1 is accepted.",
    ]  # fmt: skip


def test_agreement_replaced_without_a_reason_is_refused(omar_officer):
    agreement = an_agreement()

    with pytest.raises(Refused, match="needs a written reason"):
        replace_agreement(agreement, because=" ", actor=omar_officer, at=LATER)
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize("state", [AgreementState.DRAFT, AgreementState.OUT, AgreementState.SIGNED])
def test_agreement_not_in_force_ends_with_its_award(state, dina_director):
    agreement = an_agreement(state=state)

    AWARD.perform(agreement.award, "terminate", actor=dina_director, at=LATER, comment="The district left.")

    agreement.refresh_from_db()
    assert (agreement.state, agreement.replaced_because) == (AgreementState.REPLACED, "The district left.")
    assert not agreement.signatures.filter(state__in=[SignOffState.REQUESTED, SignOffState.SIGNED]).exists()


def test_agreement_in_force_stands_when_its_award_ends(dina_director):
    agreement = an_agreement(state=AgreementState.IN_FORCE)

    AWARD.perform(agreement.award, "terminate", actor=dina_director, at=LATER, comment="The district left.")

    agreement.refresh_from_db()
    assert agreement.state == AgreementState.IN_FORCE


def test_agreement_standings_say_who_is_waited_for():
    agreement = an_agreement()
    first, *_ = signatures_of(agreement)
    sign_it(first)

    now = [each.state_words for each in standings(agreement, LATER)]
    late = [each.state_words for each in standings(agreement, LATER + timedelta(days=60))]

    assert now == ["Signed 15 Apr 2027", "Waiting", "Waiting"]
    assert late[1:] == ["Link expired", "Link expired"]


def test_agreement_acts_are_on_the_record():
    agreement = an_agreement(state=AgreementState.IN_FORCE)

    verbs = Entry.objects.filter(noun="grants.agreement", subject_pk=str(agreement.pk)).order_by("sequence")
    assert list(verbs.values_list("verb", flat=True)) == [
        "write", "send", "sign", "sign", "sign", "complete", "countersign",
    ]  # fmt: skip


@pytest.mark.once
def test_terms_are_read_as_paragraphs_with_headings():
    assert clauses("What it is for\r\nThe work.\r\n\r\nNothing else.\nReally.\n\n\nEnd") == [
        Clause("What it is for", "The work."), Clause("", "Nothing else.\nReally."), Clause("", "End"),
    ]  # fmt: skip
    terms = standard_terms(foundation="F", site="{S}", proposal="P-1", payee="Fund")
    assert "F gives this grant to {S} for the work described in proposal P-1" in terms
    assert all(each.heading for each in clauses(terms))


def test_reading_adds_up_and_says_days_in_words():
    told = reading(an_agreement().content)

    assert told.totals == ["500000.00", "450000.00", "300000.00"]
    assert sum(map(Decimal, told.totals)) == Decimal("1250000.00")
    assert (told.starts_on, told.payments[0]["due_on"]) == ("1 Jul 2027", "1 Jul 2027")
    assert APPROVED_AT < WRITTEN_AT
