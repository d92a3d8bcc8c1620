"""The two PDFs of an agreement: the one the partners are sent, and the one with every signature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import reverse

from grants import rules
from grants.domain import content
from grants.domain.agreement_content import reading
from grants.domain.issued import issue_once
from grants.enums import SignOffState
from grants.models import Agreement
from grants.pdf.agreement import AgreementPrint, Signed, agreement_pdf
from portal.access import Refused, demand
from portal.certain import certain
from portal.documents.models import Document
from portal.jobs.domain import enqueue
from portal.jobs.models import Job
from portal.mail.domain import attach
from portal.words import when_words

AGREEMENT_JOB = "agreement-pdf"
SENT, SIGNED = "sent", "signed"
FIELDS = {SENT: "document", SIGNED: "signed_document"}


def ask_for_document(agreement: Agreement, which: str, *, actor: Any) -> Job:
    """Ask for one of the two, in the caller's transaction."""
    title = f"Agreement {agreement.reference}{', signed' if which == SIGNED else ''}"
    key = f"{agreement.pk}:{which}"
    return enqueue(AGREEMENT_JOB, actor=actor, key=key, title=title, agreement=agreement.pk, which=which)


def ask_again(agreement: Agreement, *, actor: Any) -> Job:
    """Ask once more for the one that is missing after its job failed. Raises `Refused` when none is."""
    demand(rules.may_manage_awards(agreement.award, actor))
    which = missing_document(agreement)
    if not which:
        raise Refused("Every PDF of this agreement is there already.")
    return ask_for_document(agreement, which, actor=actor)


def missing_document(agreement: Agreement) -> str:
    """Which of the two should be there by now and is not, empty when none."""
    if agreement.sent_at is not None and agreement.document_id is None:
        return SENT
    if agreement.countersigned_at is not None and agreement.signed_document_id is None:
        return SIGNED
    return ""


def issue_document(
    agreement: Agreement,
    which: str,
    *,
    actor: Any,
    progress: Callable[..., None],
    finish: Callable[[dict], None],
) -> dict[str, str]:
    """Make and keep one of the two, put it to the mails that wait for it, and say where it is. Once, however often."""
    name = FIELDS[which]
    at = certain(agreement.countersigned_at if which == SIGNED else agreement.sent_at)
    if getattr(agreement, f"{name}_id") is None:

        def claim(document: Document) -> int:
            claimed = Agreement.objects.filter(pk=agreement.pk, **{name: None}).update(**{name: document})
            if claimed:
                finish(outcome(agreement, which))
                if which == SIGNED:
                    attach(mail_key(agreement), document, at=at)
            return claimed

        issue_once(
            agreement_pdf, lambda: facts_of(agreement, which), at=at, actor=actor, claim=claim, progress=progress
        )  # fmt: skip
    return outcome(agreement, which)


def facts_of(agreement: Agreement, which: str) -> AgreementPrint:
    """What the document says, from frozen rows and the portal's names alone, so that it is repeatable."""
    zone = agreement.award.round.time_zone
    signed = which == SIGNED
    return AgreementPrint(
        portal=settings.PORTAL_NAME,
        foundation=settings.FOUNDATION_NAME,
        content=certain(agreement.content),
        reading=reading(certain(agreement.content)),
        canonical=content.canonical(certain(agreement.content)),
        sha256=agreement.sha256,
        sent=when_words(certain(agreement.sent_at), zone),
        printed_at=certain(agreement.countersigned_at if signed else agreement.sent_at),
        signatures=_signatures(agreement, zone) if signed else (),
    )


def outcome(agreement: Agreement, which: str) -> dict[str, str]:
    """Where the PDF is, for the job's page."""
    route = "grants:agreement-signed-pdf" if which == SIGNED else "grants:agreement-pdf"
    return {
        "url": reverse(route, args=[agreement.award.reference, agreement.number]),
        "label": "Download the agreement",
    }


def mail_key(agreement: Agreement) -> str:
    """The mails that carry the signed agreement."""
    return f"agreement-in-force:{agreement.pk}"


def _signatures(agreement: Agreement, zone: str) -> tuple[Signed, ...]:
    """Every partner's, in the order of the parties, and the foundation's own as the last.

    Of an agreement that was in force and is replaced by now, they are void, and were given all the same.
    """
    given_states = [SignOffState.SIGNED, SignOffState.VOID]
    rows = agreement.signatures.filter(state__in=given_states).select_related("partner")
    given = {str(each.partner.public_id): each for each in rows}
    partners = [(party["name"], given[party["partner"]]) for party in certain(agreement.content)["parties"]]
    director = certain(agreement.countersigned_by)
    return (
        *(
            Signed(name, each.signed_name, each.signed_title, when_words(certain(each.answered_at), zone))
            for name, each in partners
        ),
        Signed(
            certain(agreement.content)["foundation"],
            director.name or director.email,
            agreement.countersigned_title,
            when_words(certain(agreement.countersigned_at), zone),
        ),
    )
