"""The few records that are opened and written while measuring, made through the domain as people would make them."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from grants.domain.docket import prepare_docket
from grants.domain.proposal import start_proposal
from grants.domain.queries.dossier import forget_dossier
from grants.domain.submission import submit_proposal
from grants.enums import QuestionKind, ReviewState
from grants.models import Answer, Docket, FundingRound, Payment, Proposal
from grants.workflow import PROPOSAL
from portal import clock
from portal.accounts.enums import Role
from portal.accounts.session_time import BEGAN
from tests.factories.accounts import UserFactory
from tests.factories.awards import an_award
from tests.factories.proposals import sign_everything, write_everything
from tests.factories.reviews import a_review
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site

SUBMITS = 24  # drafts that wait to be submitted: two to count, one a turn to measure
WORDS, FEW_WORDS = 280, 40
DOCKET = "Board docket"
SENTENCE = (
    "Joint teams of teachers, principals and families meet every month to look at results and decide what is next. "
)


def few() -> dict:
    """Make everything once; returns what `pages` needs: addresses, session cookies, the drafts to submit."""
    people = {
        "officer": _staff("Olive Officer", Role.OFFICER),
        "reviewer": _staff("Rae Reviewer", Role.REVIEWER),
        "writer": UserFactory(name="Wanda Writer"),
        "lead": UserFactory(name="Leon Lead"),
    }
    opened, closed = _rounds()
    draft = _proposal(opened, people["writer"], "Every child counts", words=WORDS, signed=False)
    record, review = _reviewed(closed, people)
    _proposal(closed, UserFactory(name="Sam Short"), "One of many", words=FEW_WORDS, submitted=True)
    award = an_award(_site(people["lead"]), round=closed, officer=people["officer"])
    drafts = [_proposal(opened, people["lead"], f"Ready number {number}", words=WORDS) for number in range(SUBMITS)]
    return {
        "call": opened.reference,
        "closed": closed.reference,
        "docket": Docket.objects.get(title=DOCKET).reference,
        "draft": draft.reference,
        "record": record.reference,
        "review": review.reference,
        "award": award.reference,
        "payment": Payment.objects.filter(award_year__award=award).first().reference,
        "drafts": [each.reference for each in drafts],
        "cookies": {name: session_of(person) for name, person in people.items()},
    }


def _staff(name: str, role: Role):
    """A person with a role and the second factor the settings ask of them."""
    person = UserFactory(name=name, roles=[role])
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    return person


def _rounds() -> tuple[FundingRound, FundingRound]:
    """A call that is open now and one that closed three weeks ago, in which the many proposals are."""
    now = clock.now()
    years = {
        "decision_by": (now + timedelta(days=90)).date(),
        "first_year_starts_on": (now + timedelta(days=250)).date(),
    }
    opened = RoundFactory(opens_at=now - timedelta(days=20), closes_at=now + timedelta(days=20), **years)
    closed = RoundFactory(opens_at=now - timedelta(days=60), closes_at=now - timedelta(days=21), **years)
    return opened, closed


def _site(lead):
    site = a_site(lead)
    lead.forget_seats()
    return site


def _proposal(round_: FundingRound, actor, title: str, *, words: int, signed=True, submitted=False) -> Proposal:
    """A complete proposal of a new site. Its texts have so many words each, written before anybody signs."""
    at = round_.opens_at + timedelta(days=10)
    site = _site(actor)
    proposal = start_proposal(round_, site, actor=actor, at=at, title=f"{title}, {site}")
    write_everything(proposal, actor, at=at)
    answers = Answer.objects.filter(proposal=proposal, question__kind=QuestionKind.TEXT)
    for limit in set(answers.values_list("question__word_limit", flat=True)):
        answers.filter(question__word_limit=limit).update(text=_text(min(words, limit or words)))
    forget_dossier(proposal)
    if signed:
        sign_everything(proposal, actor, at=at)
    if submitted:
        submit_proposal(proposal, actor=actor, at=at, key=uuid4().hex)
    return Proposal.objects.select_related("round", "site").get(pk=proposal.pk)


def _text(words: int) -> str:
    """Whole sentences, together at most so many words."""
    return (SENTENCE * (words // len(SENTENCE.split()))).strip()


def _reviewed(closed: FundingRound, people):
    """A proposal in review, with two reviews submitted, one being written, and a line on a docket."""
    at = closed.closes_at + timedelta(days=2)
    proposal = _proposal(closed, UserFactory(name="Pia Principal"), "Gaps close here", words=WORDS, submitted=True)
    proposal = PROPOSAL.perform(proposal, "screen_in", actor=people["officer"], at=at)
    given = {"officer": people["officer"], "at": at}
    a_review(proposal, _staff("Rob Reviewer", Role.REVIEWER), points=4, **given)
    a_review(proposal, _staff("Rita Reviewer", Role.REVIEWER), points=3, **given)
    prepare_docket(closed, actor=people["officer"], at=at, title=DOCKET)
    return proposal, a_review(proposal, people["reviewer"], state=ReviewState.IN_PROGRESS, **given)


def session_of(person) -> str:
    """The key of a session this person is signed in with."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[BEGAN] = int(clock.now().timestamp())
    session.create()
    return session.session_key
