"""Pages of agreements: writing, sending, who signs, the director's signature, replacing, downloads."""

from datetime import timedelta

import pytest
from django.urls import reverse

from grants.enums import AgreementState, AwardState, SignOffState
from grants.models import Agreement, Award, Payment
from portal import clock
from portal.documents.domain import store_issued
from tests.factories.agreements import CONDITIONS, TERMS, WRITTEN_AT, an_agreement, signatures_of
from tests.factories.awards import an_award
from tests.portal.documents.files import PDF
from tests.proof import proved

pytestmark = pytest.mark.django_db
LATER = WRITTEN_AT + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _later():
    with clock.at(LATER):
        yield


def url(name, award, *args):
    return reverse(f"grants:agreement-{name}", args=[award.reference, *args])


def text_of(response):
    return " ".join(response.content.decode().split())


def test_agreement_is_written_from_the_usual_terms_and_the_dockets_conditions(client, omar_officer):
    award = an_award(state=AwardState.OFFERED)
    award.docket_line.conditions = CONDITIONS
    award.docket_line.save()
    client.force_login(omar_officer)

    form = client.get(url("write", award)).context["form"]
    response = client.post(
        url("write", award), {"terms": form.initial["terms"], "conditions": form.initial["conditions"], "version": "0"}
    )

    assert response.status_code == 302
    agreement = Agreement.objects.get()
    assert agreement.conditions == CONDITIONS
    assert award.proposal.reference in agreement.terms
    assert award.payee_name in agreement.terms


def test_agreement_written_by_two_shows_both_texts(client, omar_officer):
    agreement = an_agreement(state=AgreementState.DRAFT)
    client.force_login(omar_officer)

    response = client.post(url("write", agreement.award), {"terms": "Mine alone.", "version": "0"})

    assert response.status_code == 409
    for words in ("Somebody else changed this", "Mine alone.", "The rest is as usual."):
        assert words in text_of(response)
    assert Agreement.objects.get().terms == TERMS


def test_agreement_without_terms_is_told_beside_the_field(client, omar_officer):
    award = an_award(state=AwardState.OFFERED)
    client.force_login(omar_officer)

    response = client.post(url("write", award), {"terms": "", "version": "0"})

    assert response.status_code == 422
    assert response.context["form"].errors["terms"] == ["Fill this in."]


def test_draft_is_read_and_sent_by_the_officer_and_hidden_from_the_team(client, omar_officer, lea_site_lead):
    agreement = an_agreement(state=AgreementState.DRAFT, lead=lea_site_lead)
    client.force_login(lea_site_lead)
    assert "No agreement yet" in text_of(client.get(url("detail", agreement.award)))
    assert client.get(url("numbered", agreement.award, 1)).status_code == 404

    client.force_login(omar_officer)
    page = text_of(client.get(url("detail", agreement.award)))
    for words in ("Send out for signatures", "Tomás Rivera", "250,000", "29 Aug 2028", "Hire a coordinator"):
        assert words in page
    response = client.post(url("send", agreement.award), {"version": agreement.version})

    assert response.status_code == 302
    assert Agreement.objects.get().state == AgreementState.OUT
    client.force_login(lea_site_lead)
    assert "Send a new link" in text_of(client.get(url("detail", agreement.award)))


def test_draft_that_cannot_be_sent_says_why(client, omar_officer):
    agreement = an_agreement(state=AgreementState.DRAFT)
    agreement.award.site.partners.filter(kind="union").update(signatory_name="")
    client.force_login(omar_officer)

    page = text_of(client.get(url("detail", agreement.award)))
    response = client.post(url("send", agreement.award), {"version": agreement.version}, follow=True)

    assert "Not yet:" in page
    assert "does not say who signs for" in text_of(response)
    assert Agreement.objects.get().state == AgreementState.DRAFT
    assert client.post(url("send", agreement.award), {"version": "x"}).status_code == 404


@pytest.mark.parametrize("person", ["omar_officer", "dina_director", "fay_finance", "otto_auditor", "lea_site_lead"])
def test_agreement_reads_the_same_for_everybody(person, client, lea_site_lead, request):
    agreement = an_agreement(lead=lea_site_lead)
    client.force_login(request.getfixturevalue(person))

    page = text_of(client.get(url("detail", agreement.award)))

    for words in (agreement.reference, agreement.sha256, "Who is paid", "Waiting", "Fiscal agent"):
        assert words in page
    assert ("Send a new link" in page) == (person in {"omar_officer", "lea_site_lead"})
    assert ("Replace this agreement" in page) == (person == "omar_officer")


@pytest.mark.parametrize("person", ["sam_stranger", "rita_reviewer", "ada_admin"])
def test_agreement_of_somebody_else_is_not_found(person, client, request):
    agreement = an_agreement()
    client.force_login(request.getfixturevalue(person))

    assert client.get(url("detail", agreement.award)).status_code == 404
    assert client.get(url("pdf", agreement.award, 1)).status_code == 404


def test_new_link_and_another_signatory_are_asked_for(client, omar_officer):
    agreement = an_agreement()
    partner = signatures_of(agreement)[1].partner
    client.force_login(omar_officer)

    again = client.post(url("ask", agreement.award), {"partner": partner.public_id}, follow=True)
    named = client.post(
        url("signatory", agreement.award, partner.public_id),
        {"signatory_name": "Nora Next", "signatory_email": "nora@next.example"},
        follow=True,
    )

    assert "Tomás Rivera gets a private link by mail." in text_of(again)
    assert "Nora Next signs for" in text_of(named)
    states = [each.state for each in signatures_of(agreement) if each.partner_id == partner.pk]
    assert states == [SignOffState.WITHDRAWN, SignOffState.REQUESTED]


def test_director_reads_and_signs(client, dina_director, omar_officer):
    agreement = an_agreement(state=AgreementState.SIGNED)
    client.force_login(dina_director)
    asked = client.get(url("countersign", agreement.award))
    assert asked.url.startswith(reverse("account_reauthenticate"))
    proved(client, dina_director)
    page = client.get(url("countersign", agreement.award))
    facts = {"title": "President", "content_sha256": agreement.sha256, "version": agreement.version}

    without = client.post(url("countersign", agreement.award), facts)
    assert without.status_code == 422
    assert Award.objects.get().state == AwardState.OFFERED
    response = client.post(url("countersign", agreement.award), {**facts, "agree": "on"})

    assert page.context["form"].initial["content_sha256"] == agreement.sha256
    assert response.status_code == 302
    assert (Award.objects.get().state, Payment.objects.count()) == (AwardState.ACTIVE, 5)
    assert "In force" in text_of(client.get(url("detail", agreement.award)))
    client.force_login(omar_officer)
    assert client.get(url("countersign", agreement.award)).status_code == 403


def test_director_who_is_too_early_reads_what_is_missing(client, dina_director):
    agreement = an_agreement()
    proved(client, dina_director)

    assert "is not possible now" in text_of(client.get(url("countersign", agreement.award)))


def test_agreement_is_replaced_and_the_next_one_starts_from_its_words(client, omar_officer):
    agreement = an_agreement()
    client.force_login(omar_officer)
    facts = {"because": "The dates are wrong.", "version": agreement.version}

    response = client.post(url("replace", agreement.award), facts, follow=True)

    assert response.context["form"].initial["terms"] == TERMS
    page = text_of(client.get(url("numbered", agreement.award, 1)))
    assert "The dates are wrong." in page
    assert client.post(url("replace", agreement.award), facts).status_code == 409


def test_pdfs_and_json_are_downloaded_once_they_are_there(client, lea_site_lead):
    agreement = an_agreement(state=AgreementState.IN_FORCE, lead=lea_site_lead)
    client.force_login(lea_site_lead)
    names = ("pdf", "signed-pdf", "content")

    before = [client.get(url(name, agreement.award, 1)).status_code for name in names]
    for column in ("document", "signed_document"):
        issued = store_issued("agreement.pdf", PDF, "application/pdf", at=LATER, actor=None)
        Agreement.objects.update(**{column: issued})
    after = [client.get(url(name, agreement.award, 1)) for name in names]

    assert before == [404, 404, 200]
    assert [b"".join(each.streaming_content) for each in after[:2]] == [PDF, PDF]
    assert after[2].json() == agreement.content
    page = text_of(client.get(url("detail", agreement.award)))
    assert url("signed-pdf", agreement.award, 1) in page


def test_agreement_page_costs_no_more_than_a_record_page_may(client, omar_officer, django_assert_max_num_queries):
    agreement = an_agreement()
    client.force_login(omar_officer)

    with django_assert_max_num_queries(20):
        client.get(url("detail", agreement.award))
