"""Agreements in the demo: written by the officer, sent out, signed by the partners, countersigned by the director."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings

from grants.domain.agreement import countersign, write_agreement
from grants.domain.agreement_signature import sign
from grants.domain.agreement_terms import standard_terms
from grants.models import Agreement, Award
from grants.workflow import AGREEMENT
from portal.demo.story import Company, Line, instant

CONDITIONS = (
    "A person to hold it together\nThe coalition names a coordinator who gives it at least half of their time, and "
    "tells the foundation who that is.\n\nA shared calendar\nDistrict and union agree on the days for professional "
    "learning before the first year starts."
)


def send_out(company: Company, award: Award, *, on: date, signed: int) -> Line:
    """Write it and send it out; the first `signed` partners sign, a day later each."""
    at = yield instant(on)
    terms = standard_terms(
        foundation=settings.FOUNDATION_NAME, site=award.site.name, proposal=award.proposal.reference,
        payee=award.payee_name,
    )  # fmt: skip
    agreement = write_agreement(award, terms=terms, conditions=CONDITIONS, actor=company.omar, at=at)
    at = yield instant(on, 11)
    agreement = AGREEMENT.perform(agreement, "send", actor=company.omar, at=at)
    asked = agreement.signatures.select_related("partner", "agreement__award__round", "agreement__award__site")
    for place, each in enumerate(asked.order_by("pk")[:signed], 1):
        at = yield instant(on + timedelta(days=place), 9 + place)
        sign(
            each, name=each.asked_name, title=each.partner.signatory_title or "Director",
            content_sha256=agreement.sha256, at=at,
        )  # fmt: skip
    return agreement


def agree(company: Company, award: Award, *, on: date) -> Line:
    """All of it, in force on that day, which starts the award; gives the award as it is then."""
    parties = award.site.partners.count()
    sent = yield from send_out(company, award, on=on - timedelta(days=parties + 3), signed=parties)
    at = yield instant(on, 15)
    agreement = Agreement.objects.select_related("award").get(pk=sent.pk)
    countersign(agreement, title="Director", content_sha256=agreement.sha256, actor=company.dina, at=at)
    return Award.objects.get(pk=award.pk)
