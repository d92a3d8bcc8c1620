"""The teams of the rush before it begins, and what the database says when it is over."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.db import transaction

from benchmarks.copies import drafts_like, sites_like, tidy
from benchmarks.scene import session_of
from grants.domain import content
from grants.models import Answer, FundingRound, SignOff, Submission
from portal import clock
from portal.activity.domain.verification import verify
from portal.mail.models import Message
from sites.models import Seat
from tests.factories.accounts import UserFactory
from tests.factories.proposals import a_complete_proposal
from tests.factories.rounds import RoundFactory

# The answer every team goes on writing.
KEY = "collaboration-strategy"


def teams(number: int) -> list[dict[str, str]]:
    """So many coalitions with a draft that lacks nothing; each draft's reference and its lead's session.

    The round asks for no signatures: every save of the rush would void them, as it should.
    """
    now = clock.now()
    years = {
        "decision_by": (now + timedelta(days=90)).date(),
        "first_year_starts_on": (now + timedelta(days=250)).date(),
    }
    round_ = RoundFactory(opens_at=now - timedelta(days=20), closes_at=now + timedelta(days=1), **years)
    round_.sign_offs_required = False
    round_.save(update_fields=["sign_offs_required"])
    draft = a_complete_proposal(round=round_, actor=UserFactory(name="Leon Lead"), at=now - timedelta(days=2))
    SignOff.objects.filter(proposal=draft).delete()
    with transaction.atomic():
        drafts = drafts_like(draft, sites_like(draft.site, number))
    tidy()
    leads = {seat.site_id: seat.holder for seat in Seat.objects.select_related("holder")}
    return [{"reference": each.reference, "cookie": session_of(leads[each.site_id])} for each in drafts]


def close_in(seconds: float) -> str:
    """Let the call close so many seconds from now; returns the instant."""
    closes = clock.now() + timedelta(seconds=seconds)
    FundingRound.objects.update(closes_at=closes)
    return closes.isoformat()


def outcome() -> dict:
    """What is there after the rush, for the client to compare with what it was told.

    `texts` and `submissions` are by proposal; `wrong` are sentences about what cannot be right whatever was sent.
    """
    closes = FundingRound.objects.get().closes_at
    submissions = list(Submission.objects.select_related("proposal").order_by("pk"))
    counted = Counter(each.proposal.reference for each in submissions)
    wrong = [f"{reference}: {number} submissions" for reference, number in counted.items() if number > 1]
    wrong += [f"{each.proposal.reference}: submitted after the closing" for each in submissions if each.at > closes]
    wrong += [
        f"{each.proposal.reference}: the hash is not of its content"
        for each in submissions
        if content.digest(each.content) != each.sha256
    ]
    verify()
    answers = Answer.objects.filter(question__key=KEY).select_related("proposal")
    return {
        "texts": {each.proposal.reference: each.text for each in answers},
        "submissions": {each.proposal.reference: _said(each) for each in submissions},
        "receipts": Message.objects.filter(template="proposal_receipt").count(),
        "wrong": wrong,
    }


def _said(submission: Submission) -> str:
    """What the frozen proposal says where the team was writing."""
    answers = (each for section in submission.content["sections"] for each in section["answers"])
    return next(each["text"] for each in answers if each["key"] == KEY)
