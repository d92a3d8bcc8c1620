"""Agreements on their way, so that their pages can be looked at: one with the partners, one waiting for a director."""

import re

from django.urls import reverse

from grants.domain.agreement import replace_agreement
from grants.domain.agreement_document import AGREEMENT_JOB
from grants.domain.agreement_signature import sign
from grants.enums import AgreementState, AwardState
from grants.models import Agreement, Award
from grants.workflow import AGREEMENT
from portal.accounts.models import User
from portal.jobs.domain import run
from portal.jobs.models import Job
from portal.mail.models import Message
from tests.factories.agreements import an_agreement


def agree(people: dict[str, User], at) -> dict[str, list[str]]:
    """Everything but the last signatures; returns where else each person has to look."""
    officer = {"actor": people["omar"], "at": at}
    offered = Award.objects.filter(state=AwardState.OFFERED, agreements=None).first()
    out = an_agreement(offered, officer=people["omar"], at=at)
    link = Message.objects.filter(template="agreement_request").latest("created_at")
    first = Agreement.objects.filter(state=AgreementState.IN_FORCE).select_related("award").latest("pk")
    following = replace_agreement(first, because="A day was wrong.", **officer)
    AGREEMENT.perform(following, "send", **officer)
    asked = following.signatures.select_related("partner", "agreement__award__round", "agreement__award__site")
    for each in asked:
        sha256 = each.agreement.sha256
        sign(each, name=each.asked_name, title="President", content_sha256=sha256, at=at)
    for job in Job.objects.live().filter(kind=AGREEMENT_JOB, facts__agreement__in=[out.pk, first.pk]):
        run(str(job.pk))
    partner = offered.site.partners.first().public_id
    return {
        "visitor": re.findall(r"/agree/[\w-]+/", link.text),
        "omar": [
            reverse("grants:agreement-write", args=[offered.reference]),
            reverse("grants:agreement-replace", args=[offered.reference]),
            reverse("grants:agreement-signatory", args=[offered.reference, partner]),
        ],
        "dina": [reverse("grants:agreement-countersign", args=[first.award.reference])],
    }
