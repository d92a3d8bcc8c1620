"""Signatures under an agreement: private links, signing, declining, somebody else, reminders."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from grants.domain.agreement import replace_agreement
from grants.domain.agreement_reminder import AFTER, BEFORE, remind_parties
from grants.domain.agreement_signature import (
    ask_for_new_link,
    decline,
    find,
    may_answer,
    name_signatory,
    request_again,
    sign,
    token_of,
)
from grants.domain.private_link import LINK_LIFETIME
from grants.enums import AgreementState, SignOffState
from grants.models import AgreementSignature
from portal.access import Refused
from portal.activity.models import Entry
from portal.mail.models import Message
from tests.factories.agreements import WRITTEN_AT, an_agreement, sign_it, signatures_of

pytestmark = pytest.mark.django_db
LATER = WRITTEN_AT + timedelta(hours=1)
EXPIRED = WRITTEN_AT + LINK_LIFETIME + timedelta(seconds=1)


@pytest.fixture
def agreement(omar_officer, lea_site_lead):
    return an_agreement(officer=omar_officer, lead=lea_site_lead)


@pytest.fixture
def asked(agreement):
    return signatures_of(agreement)[1]


def of(template):
    return Message.objects.filter(template=template)


def test_link_finds_its_request_and_only_its_digest_is_kept(asked):
    token = token_of(asked)

    assert find(token) == asked
    assert find(f"{token}x") is None
    assert token not in str(AgreementSignature.objects.filter(pk=asked.pk).values().get())


def test_signature_says_by_whom_what_and_when(asked, agreement):
    sign(asked, name=" Tomás  Rivera ", title="President", content_sha256=agreement.sha256, at=LATER)

    asked.refresh_from_db()
    assert (asked.state, asked.signed_name, asked.signed_title, asked.answered_at, asked.content_sha256) == (
        SignOffState.SIGNED, "Tomás Rivera", "President", LATER, agreement.sha256,
    )  # fmt: skip
    entry = Entry.objects.get(verb="sign")
    assert (entry.actor, entry.summary) == (None, f"Signed by Tomás Rivera, President, for {asked.partner}.")


@pytest.mark.parametrize(
    ("facts", "error"),
    [({"name": ""}, ValidationError), ({"title": " "}, ValidationError), ({"content_sha256": "0" * 64}, Refused)],
)
def test_signature_without_name_title_or_the_right_text_is_refused(facts, error, asked, agreement):
    typed = {"name": "Tomás Rivera", "title": "President", "content_sha256": agreement.sha256, **facts}

    with pytest.raises(error):
        sign(asked, **typed, at=LATER)
    assert signatures_of(agreement)[1].state == SignOffState.REQUESTED


def test_signature_is_given_once_and_not_after_the_link_expired(asked, agreement):
    with pytest.raises(Refused, match="This link worked until Thu 6 May 2027"):
        sign_it(asked, at=EXPIRED)
    sign_it(asked)

    with pytest.raises(Refused, match="You signed on Thu 15 Apr 2027"):
        sign_it(asked)


def test_decline_tells_officer_and_team_and_can_be_asked_again(asked, agreement, omar_officer, lea_site_lead):
    decline(asked, name="Tomás Rivera", reason="Year two is too small.", at=LATER)

    assert set(of("agreement_declined").values_list("to", flat=True)) == {omar_officer.email, lea_site_lead.email}
    again = request_again(agreement, asked.partner, actor=lea_site_lead, at=LATER)
    assert (again.state, again.email) == (SignOffState.REQUESTED, asked.email)
    assert again.pk != asked.pk


def test_new_link_replaces_the_one_before(asked, agreement, omar_officer):
    old = token_of(asked)

    renewed = request_again(agreement, asked.partner, actor=omar_officer, at=LATER)

    assert renewed.pk == asked.pk
    assert find(old) is None
    assert find(token_of(renewed)) == asked
    with pytest.raises(Refused, match="newer link"):
        sign_it(asked)


@pytest.mark.parametrize("person", ["dina_director", "fay_finance", "sam_stranger"])
def test_new_link_is_asked_for_by_officer_and_lead_alone(person, asked, agreement, request):
    with pytest.raises(Refused, match="Only a program officer or the site lead"):
        request_again(agreement, asked.partner, actor=request.getfixturevalue(person), at=LATER)


def test_somebody_else_signs_and_the_first_link_is_closed(asked, agreement, lea_site_lead):
    made = name_signatory(
        agreement, asked.partner, name="Nora Next", title="", email="Nora@Next.example", actor=lea_site_lead, at=LATER
    )

    closed = find(token_of(asked))
    assert may_answer(closed, LATER).reason.startswith("Somebody else signs for")
    assert (made.asked_name, made.email) == ("Nora Next", "nora@next.example")
    asked.partner.refresh_from_db()
    assert asked.partner.signatory_name == "Tomás Rivera"
    sign_it(made)
    with pytest.raises(Refused, match="has signed this agreement already"):
        request_again(agreement, asked.partner, actor=lea_site_lead, at=LATER)


def test_link_of_a_replaced_agreement_says_why(asked, agreement, omar_officer):
    first = signatures_of(agreement)[0]
    sign_it(first)
    replace_agreement(agreement, because="The dates are wrong.", actor=omar_officer, at=LATER)

    told = [may_answer(find(token_of(each)), LATER).reason for each in (first, asked)]

    assert told[0].startswith("The agreement you signed was taken back: The dates are wrong.")
    assert told[1].startswith("This agreement was taken back: The dates are wrong.")
    with pytest.raises(Refused, match="was taken back"):
        sign_it(asked)
    with pytest.raises(Refused, match="nobody is asked to sign it now"):
        request_again(agreement, asked.partner, actor=omar_officer, at=LATER)


def test_expired_link_asks_the_officer_for_another_once(asked, omar_officer):
    with pytest.raises(Refused, match="did not expire"):
        ask_for_new_link(asked, at=LATER)

    for _ in range(2):
        ask_for_new_link(asked, at=EXPIRED)

    assert list(of("agreement_wanted").values_list("to", flat=True)) == [omar_officer.email]


def test_parties_are_reminded_at_both_moments_and_once_at_each(settings, asked, agreement):
    settings.DEMO = True
    for each in signatures_of(agreement):
        if each.pk != asked.pk:
            sign_it(each)
    ends = asked.expires_at
    second = timedelta(seconds=1)
    moments = [
        WRITTEN_AT + AFTER - second, WRITTEN_AT + AFTER, WRITTEN_AT + AFTER + second, ends - BEFORE, ends - second,
        ends + second,
    ]  # fmt: skip

    sent = [remind_parties(at=at) for at in moments]

    assert sent == [0, 1, 0, 1, 0, 0]
    assert all(token_of(asked) in each.text for each in of("agreement_reminder"))


def test_nobody_is_reminded_of_an_agreement_that_is_not_out(agreement, omar_officer):
    replace_agreement(agreement, because="Wrong.", actor=omar_officer, at=LATER)

    assert remind_parties(at=WRITTEN_AT + AFTER) == 0
    assert {each.agreement.state for each in signatures_of(agreement)} == {AgreementState.REPLACED}
