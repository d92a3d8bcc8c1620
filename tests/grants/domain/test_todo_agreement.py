"""What agreements ask of officers and directors."""

import pytest
from django.urls import reverse

from grants.domain.agreement_signature import decline, request_again
from grants.domain.queries.todo_agreement import agreements_to_sign, agreements_to_write
from grants.enums import AgreementState, AwardState
from tests.factories.agreements import WRITTEN_AT, an_agreement, signatures_of
from tests.factories.awards import an_award
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db


def texts(provider, user):
    return [todo.text for todo in provider(user, WRITTEN_AT)]


def test_officer_writes_sends_and_mends_agreements(omar_officer):
    award = an_award(a_site(name="Harbor County Collaboration"), state=AwardState.OFFERED)
    an_award(state=AwardState.APPROVED)
    (todo,) = agreements_to_write(omar_officer, WRITTEN_AT)
    assert (todo.text, todo.about, todo.url) == (
        "Write the agreement", "Harbor County Collaboration, $1,250,000",
        reverse("grants:agreement-detail", args=[award.reference]),
    )  # fmt: skip

    an_agreement(award, state=AgreementState.DRAFT)
    assert texts(agreements_to_write, omar_officer) == ["Send out the agreement"]


def test_officer_is_told_of_a_refusal_until_the_partner_is_asked_again(omar_officer):
    agreement = an_agreement(officer=omar_officer)
    first = signatures_of(agreement)[0]
    assert texts(agreements_to_write, omar_officer) == []

    decline(first, name="Miriam Okafor", reason="Too little.", at=WRITTEN_AT)
    assert texts(agreements_to_write, omar_officer) == ["A partner declined the agreement"]
    request_again(agreement, first.partner, actor=omar_officer, at=WRITTEN_AT)
    assert texts(agreements_to_write, omar_officer) == []


def test_director_signs_what_others_sent(dina_director, omar_officer):
    agreement = an_agreement(state=AgreementState.SIGNED)
    assert texts(agreements_to_sign, dina_director) == ["Sign the agreement for the foundation"]
    assert texts(agreements_to_sign, omar_officer) == []

    agreement.sent_by = dina_director
    agreement.save()
    assert texts(agreements_to_sign, dina_director) == []


def test_others_are_asked_nothing(fay_finance, otto_auditor, lea_site_lead, rita_reviewer):
    an_award(state=AwardState.OFFERED)
    an_agreement(state=AgreementState.SIGNED)

    for person in (fay_finance, otto_auditor, lea_site_lead, rita_reviewer):
        assert texts(agreements_to_write, person) + texts(agreements_to_sign, person) == []
