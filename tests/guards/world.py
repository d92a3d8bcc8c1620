"""The world of the access matrix: two sites with one record of every noun each, and a person for every role."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)  # fmt: skip

from grants.domain.baseline import Place, save_table
from grants.domain.queries.call import facts_of, fingerprint
from grants.domain.queries.screening_checks import screenings
from grants.domain.section import save_section
from grants.domain.signoff import digest_of as digest
from grants.domain.verdict import agree_to_rest
from grants.enums import (
    AgreementState,
    AmendmentKind,
    AmendmentState,
    AwardState,
    CallFileKind,
    DocketState,
    PaymentState,
    ProposalState,
    ReviewState,
    RoundState,
)
from grants.models import (
    Agreement,
    AgreementSignature,
    Attachment,
    CallFile,
    DocketBook,
    Payment,
    RecordCopy,
    SignOff,
    Submission,
    TeamMessage,
)
from grants.workflow import DOCKET
from portal.accounts.enums import Role
from portal.documents.domain import lending, store_issued, store_upload
from portal.jobs.domain import enqueue
from portal.mail.domain import send
from portal.mail.enums import MessageState
from portal.mail.models import Message
from reporting.models import IssuedReport
from sites.domain.invitation import invite
from sites.enums import PartnerKind, SeatRole
from sites.models import Invitation
from tests.factories.accounts import UserFactory
from tests.factories.agreements import an_agreement, signatures_of
from tests.factories.amendments import an_amendment
from tests.factories.awards import a_payment, accept_reports, an_award, settle
from tests.factories.discussions import a_discussion
from tests.factories.dockets import a_docket, a_reviewed_proposal, the_line
from tests.factories.proposals import ProposalFactory, some_results
from tests.factories.reports import a_report, a_submitted_report, an_accepted_report, enter_results
from tests.factories.reviews import a_review
from tests.factories.rounds import QuestionFactory, RoundFactory, SlotFactory
from tests.factories.sites import PartnerFactory, SeatFactory, a_site
from tests.guards.calibrations import add_calibrations
from tests.guards.pool import add_pool
from tests.guards.world_payments import payments_of
from tests.plugins.guards import OF_THE_VISIT, WRITES
from tests.portal.documents.files import PDF

# When the matrix is asked: a call is open, and four years of the awards are over.
NOW = datetime(2031, 7, 20, 15, 0, tzinfo=UTC)
TEN_THOUSAND = Decimal("10000.00")
SMALL, TINY = (10 * TEN_THOUSAND,) * 5, (TEN_THOUSAND,) * 5
TINIEST = (TEN_THOUSAND / 10,) * 5
ROLES = {
    "officer": [Role.OFFICER],
    "director": [Role.DIRECTOR],
    "finance": [Role.FINANCE],
    "auditor": [Role.AUDITOR],
    "administrator": [Role.ADMINISTRATOR],
    "reviewer": [Role.REVIEWER],
    "other_reviewer": [Role.REVIEWER],
}
SEATS = {
    "lead": SeatRole.LEAD,
    "contributor": SeatRole.CONTRIBUTOR,
    "site_finance": SeatRole.FINANCE,
    "viewer": SeatRole.VIEWER,
}


class World(SimpleNamespace):
    """Records by name; in a failing test's message its name is enough."""

    def __repr__(self):
        return "world"


@contextmanager
def undone():
    """A block whose writes are taken back at its end, though the domain's own transactions may not know of it."""
    block = transaction.atomic()
    # What Django's TestCase sets: code that must be outermost (files before rows) accepts being inside this block.
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def build() -> World:
    """Everything the routes are about, as attributes: `people` by the names the matrix uses, `ours` and `theirs`."""
    people = {name: _person(name, roles) for name, roles in ROLES.items()}
    people |= {name: _person(name) for name in (*SEATS, "stranger")}
    call = RoundFactory(opens_at=NOW - timedelta(days=20), closes_at=NOW + timedelta(days=20), **_years(2032))
    site = a_site(people["lead"])
    for name, role in SEATS.items():
        if name != "lead":
            SeatFactory(site=site, holder=people[name], role=role)
    world = World(people=people, staff=SimpleNamespace(**people), call=call)
    world.unpublished = RoundFactory(
        state=RoundState.DRAFT, opens_at=NOW + timedelta(days=9), closes_at=NOW + timedelta(days=99), **_years(2033)
    )
    world.ours = _side("ours", site, people["lead"], call, people["reviewer"])
    world.theirs = _side(
        "theirs", a_site(people["stranger"]), people["stranger"], call, UserFactory(roles=[Role.REVIEWER])
    )
    QuestionFactory(round=world.unpublished)
    world.question = QuestionFactory(round=world.unpublished)
    world.criterion = world.unpublished.criteria.first()
    # A published call with a change that is prepared, and documents a draft asks for.
    world.changed = QuestionFactory(round=call, key="own-9", until=2)
    QuestionFactory(round=call, key="own-9", since=2, prompt="What else, in other words?")
    SlotFactory(round=world.unpublished)
    world.slot = SlotFactory(round=world.unpublished)
    # When the call says all it will say.
    files_of(call)
    world.question_place = world.question.section_key
    world.outsider = UserFactory(name="Olive Outsider")
    world.closed = UserFactory(name="Carl Closed", is_active=False)
    world.passkey = second_factors(people["auditor"])
    world.message = send("review_unassigned", world.outsider.email, context={
        "review": world.ours.given, "reviewer": world.ours.given.reviewer, "round": world.call,
    })  # fmt: skip
    Message.objects.filter(pk=world.message.pk).update(state=MessageState.FAILED, failure="No such mailbox.")
    # What the checks find once everything else is there.
    for made in (world.ours, world.theirs):
        (made.screening,) = screenings([made.submitted])
    return world


@contextmanager
def writes():
    """The statements that write inside the block with their values, as a list; what a visit itself leaves behind aside."""
    found = []

    def note(execute, sql, params, many, context):
        if WRITES.match(sql) and not any(table in sql for table in OF_THE_VISIT):
            found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def _person(name: str, roles=()):
    return UserFactory(
        name=name.replace("_", " ").title(), email=f"me@{name.replace('_', '-')}.matrix.example", roles=roles
    )


def second_factors(person) -> Authenticator:
    """An authenticator app, recovery codes and a passkey, which nobody else may see or remove. Returns the passkey."""
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    data = {"name": "Key ring", "credential": _credential()}
    return Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=data)


def _credential() -> dict:
    """What a security key answers when it is added, self-made and without an attestation."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    known = AttestedCredentialData.create(Aaguid.NONE, b"a-key-of-the-matrix", key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    attested = AttestationObject.create("none", AuthenticatorData.create(b"0" * 32, flags, 0, known), {})
    client = CollectedClientData.create("webauthn.create", b"challenge", "http://testserver")
    return {
        "id": websafe_encode(known.credential_id),
        "rawId": websafe_encode(known.credential_id),
        "response": {"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(attested)},
        "type": "public-key",
        "clientExtensionResults": {"credProps": {"rk": True}},
    }


def _years(year: int) -> dict:
    return {"decision_by": date(year, 3, 1), "first_year_starts_on": date(year, 7, 1)}


def _side(side: str, site, lead, call, reviewer) -> World:
    """One site with one record of every noun, each in the state in which most can be done with it."""
    made = World(
        site=site,
        lead=lead,
        token=f"{side}-sign-off",
        agree_token=f"{side}-agreement",
        invited_token=f"{side}-invitation",
    )
    made.partner = site.partners.get(kind=PartnerKind.COMMUNITY)
    made.union = site.partners.get(kind=PartnerKind.UNION)
    made.school = site.schools.first()
    made.seat = site.seats.order_by("pk").last()
    made.invitation = invite(site, email=f"{side}@invited.example", role=SeatRole.VIEWER, actor=lead, at=NOW)
    Invitation.objects.filter(pk=made.invitation.pk).update(token_digest=digest(made.invited_token))
    _proposals(made, call, reviewer)
    _award(made)
    _agreements(made)
    _changes(made)
    add_pool(made, reviewer, side, at=NOW)
    # Nobody has asked this one to sign anything, so it can be removed.
    made.friend = PartnerFactory(site=site, name="Friends of the Library")
    made.job = enqueue("report-pdf", actor=lead, key=side, title="Make a PDF")
    return made


def _proposals(made, call, reviewer) -> None:
    fields = {"site": made.site, "started_by": made.lead}
    made.draft = ProposalFactory(round=call, **fields)
    made.attachment = _attached(made.draft)
    results = some_results(place=Place("mathematics", "3-8", "2030-31"))
    save_table(made.draft, results, actor=made.lead, at=NOW, version=0)
    for version, text in enumerate(("What we planned first.", "What we plan now.")):
        save_section(
            made.draft, "sustainability", actor=made.lead, at=NOW, version=version, answers={"after-the-grant": text}
        )
    made.sign_off = SignOff.objects.create(
        proposal=made.draft, partner=made.partner, email=made.partner.signatory_email, requested_at=NOW,
        expires_at=NOW + timedelta(days=9), token_digest=digest(made.token),
    )  # fmt: skip
    made.submitted = ProposalFactory(state=ProposalState.SUBMITTED, **fields)
    made.returned = ProposalFactory(state=ProposalState.RETURNED, **fields)
    first = made.returned.submissions.get()
    Submission.objects.create(
        proposal=made.returned, number=2, at=NOW, by=made.lead, content=first.content, sha256=first.sha256,
        key=f"{made.returned.reference}:again",
    )  # fmt: skip
    made.question_of_officer = TeamMessage.objects.create(
        proposal=made.draft, from_foundation=True, author=UserFactory(roles=[Role.OFFICER]), text="Who signs for the union?",
        sent_at=NOW,
    )  # fmt: skip
    _papers(made)
    made.proposal = a_reviewed_proposal(marks=(), yearly=TEN_THOUSAND, **fields)
    made.review = a_review(made.proposal, reviewer, state=ReviewState.IN_PROGRESS)
    made.given = a_review(made.proposal)
    made.asked = a_review(
        a_reviewed_proposal(marks=(), yearly=TEN_THOUSAND, **fields), reviewer, state=ReviewState.ASSIGNED
    )
    made.letter, made.unread = _attached(made.proposal), _attached(made.asked.proposal)
    add_calibrations(made, reviewer, at=NOW)
    made.docket = a_docket(made.proposal.round)
    made.spare = ProposalFactory(round=made.proposal.round, state=ProposalState.IN_REVIEW)
    made.undiscussed = a_reviewed_proposal(marks=(2, 5), yearly=TEN_THOUSAND, **fields)
    made.discussed = a_reviewed_proposal(yearly=TEN_THOUSAND, **fields)
    made.opinion = a_review(made.discussed, reviewer)
    a_discussion(made.discussed, at=NOW)
    made.recommended = a_reviewed_proposal(yearly=TEN_THOUSAND, **fields)
    made.sent = a_docket(made.recommended.round, state=DocketState.SENT)
    made.agreed = a_docket(a_reviewed_proposal(yearly=TEN_THOUSAND, **fields).round, state=DocketState.SENT)
    agree_to_rest(made.agreed, actor=UserFactory(roles=[Role.DIRECTOR]), at=NOW)
    made.agreed.refresh_from_db()
    made.aside = a_docket(made.asked.proposal.round)
    made.aside = DOCKET.perform(made.aside, "set_aside", actor=made.aside.prepared_by, at=NOW)
    book = store_issued("docket.pdf", PDF, "application/pdf", at=NOW, actor=None)
    DocketBook.objects.create(
        docket=made.docket, docket_version=1, document=book, made_by=made.docket.prepared_by, made_at=NOW
    )
    made.approved = a_docket(a_reviewed_proposal(yearly=TEN_THOUSAND, **fields).round, state=DocketState.APPROVED)
    made.chosen = the_line(made.approved)
    made.announced = a_docket(a_reviewed_proposal(yearly=TEN_THOUSAND, **fields).round, state=DocketState.ANNOUNCED)
    made.told = the_line(made.announced)
    made.told_mail = Message.objects.get(key__startswith=f"letter:{made.told.letter.pk}:")
    Message.objects.filter(pk=made.told_mail.pk).update(state=MessageState.FAILED, failure="No such mailbox.")


def files_of(round_) -> None:
    """The files anybody may download of a call, as the worker leaves them behind."""
    mark = fingerprint(facts_of(round_))
    for kind in CallFileKind:
        made = store_issued(f"call.{kind}", PDF, "application/pdf", at=NOW, actor=None)
        CallFile.objects.create(round=round_, kind=kind, fingerprint=mark, document=made, made_at=NOW)


def _papers(made) -> None:
    """The receipt of what was submitted, and the whole record as one file."""
    receipt = store_issued("receipt.pdf", PDF, "application/pdf", at=NOW, actor=None)
    made.submitted.submissions.update(receipt=receipt)
    until = NOW + timedelta(days=7)
    with lending("record.zip", BytesIO(b"PK"), "application/zip", at=NOW, until=until, actor=made.lead) as document:
        made.copy = RecordCopy.objects.create(
            proposal=made.submitted, document=document, asked_by=made.lead, made_at=NOW
        )


def _attached(proposal) -> Attachment:
    group = f"proposal:{proposal.reference}"
    plan = store_upload(SimpleUploadedFile("plan.pdf", PDF), actor=proposal.started_by, at=NOW, quota_group=group)
    return Attachment.objects.create(proposal=proposal, title="Letters of support", document=plan)


def _award(made) -> None:
    """An award in its fourth year: two reports accepted and a third submitted, payments in every early state."""
    made.offered = an_award(made.site, amounts=SMALL, state=AwardState.OFFERED)
    made.award = an_award(made.site, amounts=SMALL)
    made.secret = an_award(made.site, amounts=TINY, state=AwardState.APPROVED)
    made.accepted = an_accepted_report(report=a_report(made.award, year=1))
    an_accepted_report(report=a_report(made.award, year=2))
    made.filed = a_submitted_report(report=a_report(made.award, year=3))
    made.report = a_report(made.award, year=4)
    made.results = enter_results(made.report, made.lead)
    payments_of(made, NOW)
    issued = store_issued("report.pdf", PDF, "application/pdf", at=NOW, actor=None)
    made.issue = IssuedReport.objects.create(
        report=made.accepted, submission=made.accepted.submissions.get(), version=1, document=issued,
        sha256=issued.sha256, issued_at=NOW,
    )  # fmt: skip


def _changes(made) -> None:
    """An amendment of an award of its own in each open state, and an award with nothing left to do but to close it."""
    states = {
        "change": AmendmentState.DRAFT, "plea": AmendmentState.REQUESTED, "put_forward": AmendmentState.RECOMMENDED,
    }  # fmt: skip
    for name, state in states.items():
        award = an_award(made.site, amounts=TINIEST)
        setattr(made, name, an_amendment(award, state=state, at=NOW))
    facts = {"kind": AmendmentKind.PEOPLE, "people": "Ann Reyes follows Ben Ode."}
    made.newcomer = an_amendment(an_award(made.site, amounts=TINIEST), state=AmendmentState.REQUESTED, at=NOW, **facts)
    made.settled = an_award(made.site, amounts=TINIEST)
    for payment in Payment.objects.filter(award_year__award=made.settled):
        a_payment(payment, state=PaymentState.CANCELLED)
    officer = UserFactory(roles=[Role.OFFICER])
    accept_reports(made.settled, officer)
    settle(made.settled, officer)


def _agreements(made) -> None:
    """An award with an agreement in each state but replaced, the PDFs as a worker leaves them behind."""
    states = {"drafted": AgreementState.DRAFT, "out": AgreementState.OUT, "signed": AgreementState.SIGNED,
              "in_force": AgreementState.IN_FORCE}  # fmt: skip
    for name, state in states.items():
        award = an_award(made.site, amounts=TINIEST, state=AwardState.OFFERED)
        agreement = an_agreement(award, state=state)
        for column in ("document", "signed_document"):
            issued = store_issued("agreement.pdf", PDF, "application/pdf", at=NOW, actor=None)
            if column == "document" or state == AgreementState.IN_FORCE:
                Agreement.objects.filter(pk=agreement.pk).update(**{column: issued})
        setattr(made, name, Agreement.objects.select_related("award").get(pk=agreement.pk))
    asked = signatures_of(made.out)[0]
    AgreementSignature.objects.filter(pk=asked.pk).update(
        token_digest=digest(made.agree_token), expires_at=NOW + timedelta(days=9)
    )
