"""Pages of the letters: the docket's list, one letter, releasing, what the team reads, and what nobody reads before."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse

from grants.domain.feedback_point import save_points
from grants.domain.letter import edit_letter, release_letters
from grants.domain.queries.todo_applicant import letters_to_read
from grants.domain.record_copy import add_letters, make_record
from grants.domain.record_files import RecordFiles
from grants.enums import Decision, DocketState, ProposalState
from grants.models import Docket, DocketLine, Letter, Proposal, RecordCopy
from portal.mail.enums import MessageState
from portal.mail.models import Message
from sites.enums import SeatRole
from tests.factories.dockets import DECIDED_AT, a_docket
from tests.factories.letters import an_approved_docket, the_letter
from tests.factories.proposals import ProposalFactory
from tests.factories.sites import SeatFactory, a_site

pytestmark = pytest.mark.django_db
LATER = DECIDED_AT + timedelta(days=1)
CANARY = "The heron stands on one leg."
BOTH = (Decision.AWARD, Decision.DECLINE)


@pytest.fixture
def harbor(lea_site_lead):
    return a_site(lead=lea_site_lead, name="Harbor County Collaboration")


@pytest.fixture
def docket(omar_officer, harbor):
    """An approved docket: an award to Harbor, and a decline to somebody else."""
    return an_approved_docket(omar_officer, decisions=BOTH, sites=[harbor])


def url(name, docket, *args):
    return reverse(f"grants:{name}", args=[docket.reference, *args])


def page(client, *args):
    return client.get(url(*args)).content.decode()


def reference_of(docket, decision=Decision.AWARD):
    return the_letter(docket, decision).line.proposal.reference


def release_all(docket, officer):
    fresh = Docket.objects.get(pk=docket.pk)
    references = set(Proposal.objects.filter(docket_lines__docket=docket).values_list("reference", flat=True))
    release_letters(docket, references, actor=officer, at=LATER, version=fresh.version)


# --- the list ---


def test_list_says_how_each_letter_stands(client, docket, omar_officer):
    letter = the_letter(docket, Decision.AWARD)
    edit_letter(letter, actor=omar_officer, at=LATER, version=letter.version, subject="Mine", body="My words.")
    client.force_login(omar_officer)

    response = client.get(url("letter-list", docket))

    rows = response.context["rows"]
    assert [(each.decision, each.is_edited, each.warnings) for each in rows] == [
        (Decision.AWARD, True, ()),
        (Decision.DECLINE, False, ("No strengths or weaknesses are chosen",)),
    ]
    assert response.context["waiting"].counts == [("Award", 1), ("Decline", 1)]


@pytest.mark.parametrize("state", [DocketState.DRAFT, DocketState.SENT])
def test_list_of_a_docket_without_letters_says_what_to_wait_for(state, client, omar_officer):
    docket = a_docket(state=state, officer=omar_officer)
    client.force_login(omar_officer)

    assert "They are written when the director approves the docket." in page(client, "letter-list", docket)


@pytest.mark.parametrize("rows", [1, 30])
def test_list_takes_the_same_queries_however_many_letters(rows, client, omar_officer, django_assert_max_num_queries):
    docket = an_approved_docket(omar_officer, marks=())
    for place in range(2, rows + 1):
        proposal = ProposalFactory(round=docket.round, state=ProposalState.NOT_RECOMMENDED, submission=False)
        line = DocketLine.objects.create(docket=docket, proposal=proposal, rank=place, decision=Decision.DECLINE)
        Letter.objects.create(line=line, subject="The decision", body="Dear all.")
    client.force_login(omar_officer)

    with django_assert_max_num_queries(20):
        response = client.get(url("letter-list", docket))

    assert len(response.context["rows"]) == rows


def test_letters_written_again_from_the_list(client, docket, harbor, omar_officer, ana_applicant):
    SeatFactory(site=harbor, holder=ana_applicant, role=SeatRole.LEAD)
    client.force_login(omar_officer)
    assert "Write them again" in page(client, "letter-list", docket)

    client.post(url("letter-prepare", docket))

    assert "Write them again" not in page(client, "letter-list", docket)


# --- one letter ---


def test_letter_saved_is_shown_as_the_team_will_read_it(client, docket, omar_officer):
    letter = the_letter(docket, Decision.AWARD)
    client.force_login(omar_officer)
    address = url("letter-detail", docket, letter.line.proposal.reference)

    response = client.post(
        address, {"version": letter.version, "subject": "Yes", "body": "<i>Dear</i> all,\n\n- one\n- two"}
    )

    assert response.url == address
    shown = client.get(address).content.decode()
    assert "<p>&lt;i&gt;Dear&lt;/i&gt; all,</p>" in shown
    assert "<ul><li>one</li><li>two</li></ul>" in shown


def test_letter_saved_by_two_shows_both_texts(client, docket, omar_officer, olga_officer):
    letter = the_letter(docket, Decision.AWARD)
    edit_letter(letter, actor=olga_officer, at=LATER, version=letter.version, subject="Hers", body="Her words.")
    client.force_login(omar_officer)

    response = client.post(
        url("letter-detail", docket, letter.line.proposal.reference),
        {"version": letter.version, "subject": "His", "body": "His words."},
    )

    assert response.status_code == 409
    assert "Her words." in response.content.decode()
    assert "His words." in response.content.decode()


def test_letter_with_faults_keeps_what_was_typed(client, docket, omar_officer):
    letter = the_letter(docket, Decision.AWARD)
    client.force_login(omar_officer)

    response = client.post(
        url("letter-detail", docket, letter.line.proposal.reference),
        {"version": letter.version, "subject": "", "body": "Dear {leads}"},
    )

    assert response.status_code == 422
    assert "Dear {leads}" in response.content.decode()


def test_letter_taken_back_to_the_template(client, docket, omar_officer):
    letter = the_letter(docket, Decision.AWARD)
    letter = edit_letter(letter, actor=omar_officer, at=LATER, version=letter.version, subject="Mine", body="My words.")
    client.force_login(omar_officer)

    client.post(url("letter-reset", docket, letter.line.proposal.reference), {"version": letter.version})

    assert the_letter(docket, Decision.AWARD).edited_by is None


def test_mail_that_failed_is_sent_again_from_the_letter(client, docket, omar_officer):
    release_all(docket, omar_officer)
    letter = the_letter(docket, Decision.AWARD)
    message = Message.objects.get(key__startswith=f"letter:{letter.pk}:")
    Message.objects.filter(pk=message.pk).update(state=MessageState.FAILED, failure="No such mailbox.")
    client.force_login(omar_officer)
    reference = letter.line.proposal.reference
    assert "No such mailbox." in page(client, "letter-detail", docket, reference)

    client.post(url("letter-send-again", docket, reference, message.pk))
    other = client.post(url("letter-send-again", docket, reference_of(docket, Decision.DECLINE), message.pk))

    message.refresh_from_db()
    assert message.state == MessageState.QUEUED
    assert other.status_code == 404


# --- releasing ---


def test_release_of_all_says_how_many_to_whom_and_does_it(client, docket, omar_officer, lea_site_lead):
    client.force_login(omar_officer)

    shown = client.get(url("letter-release", docket))
    version, references = shown.context["form"].fields["version"].initial, shown.context["form"].references
    response = client.post(url("letter-release", docket), {"version": version, "letter": references})

    assert shown.context["tally"].counts == [("Award", 1), ("Decline", 1)]
    assert lea_site_lead.email in shown.content.decode()
    assert "The docket is announced then" in shown.content.decode()
    assert response.url == url("letter-list", docket)
    assert Docket.objects.get().state == DocketState.ANNOUNCED


def test_release_of_the_ticked_ones_leaves_the_others_unseen(client, docket, omar_officer):
    reference = reference_of(docket, Decision.DECLINE)
    client.force_login(omar_officer)

    shown = client.get(url("letter-release", docket), {"ticked": "yes", "letter": reference})
    client.post(
        url("letter-release", docket),
        {"version": shown.context["form"].fields["version"].initial, "letter": [reference]},
    )

    assert "1 other letter of this docket stays unseen." in shown.content.decode()
    assert list(Proposal.objects.order_by("pk").values_list("state", flat=True)) == ["recommended", "declined"]


def test_release_with_nothing_ticked_says_so(client, docket, omar_officer):
    client.force_login(omar_officer)

    shown = client.get(url("letter-release", docket), {"ticked": "yes"})
    posted = client.post(url("letter-release", docket), {"version": docket.version})

    assert "Tick at least one letter" in shown.content.decode()
    assert posted.status_code == 409


def test_release_pressed_twice_is_refused_and_sends_nothing_more(client, docket, omar_officer):
    client.force_login(omar_officer)
    data = {"version": Docket.objects.get().version, "letter": [reference_of(docket)]}

    first, second = (client.post(url("letter-release", docket), data) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 409)
    assert "These letters are released already." in second.content.decode()
    assert Message.objects.filter(template="letter").count() == 1


# --- what the team reads ---


def test_released_letter_is_read_from_where_the_proposal_stands(client, docket, omar_officer, lea_site_lead):
    release_all(docket, omar_officer)
    proposal = the_letter(docket, Decision.AWARD).line.proposal
    client.force_login(lea_site_lead)

    assert [each.url for each in letters_to_read(lea_site_lead, LATER + timedelta(days=13))] == [
        reverse("grants:proposal-letter", args=[proposal.reference])
    ]
    assert list(letters_to_read(lea_site_lead, LATER + timedelta(days=14))) == []
    for name in ("proposal-status", "proposal-detail"):
        assert reverse("grants:proposal-letter", args=[proposal.reference]) in page(client, name, proposal)
    assert "Congratulations." in page(client, "proposal-letter", proposal)


def test_nothing_of_a_decision_leaks_before_its_letter_is_released(client, docket, harbor, omar_officer, lea_site_lead):
    letter = the_letter(docket, Decision.AWARD)
    proposal = letter.line.proposal
    save_points(letter.line, actor=omar_officer, at=LATER, version=letter.version, strengths=[CANARY], weaknesses=[])
    # Another team of the docket knows its decision already.
    release_letters(
        docket,
        {reference_of(docket, Decision.DECLINE)},
        actor=omar_officer,
        at=LATER,
        version=Docket.objects.get().version,
    )
    client.force_login(lea_site_lead)
    award = letter.line.award.reference
    told = [docket.reference, award, CANARY, "Congratulations", "proposal is funded", "Recommended", "recommended"]

    pages = [
        reverse(name) for name in ("portal:home", "grants:proposal-list", "grants:award-list", "reporting:report-list")
    ]
    names = ("detail", "status", "content", "messages", "record", "signoffs", "budget")
    pages += [reverse(f"grants:proposal-{name}", args=[proposal.reference]) for name in names]
    pages += [
        reverse("grants:proposal-list") + "?state=awarded",
        reverse("grants:proposal-list") + "?state=recommended",
        reverse("sites:coalition-list"),
    ]
    found = {each: [words for words in told if words in client.get(each).content.decode()] for each in pages}
    hidden = [
        reverse("grants:proposal-letter", args=[proposal.reference]),
        reverse("grants:award-detail", args=[award]),
        url("letter-detail", docket, proposal.reference),
    ]

    assert {each: words for each, words in found.items() if words} == {}
    assert [client.get(each).status_code for each in hidden] == [404, 404, 404]
    assert not Message.objects.filter(to=lea_site_lead.email, template="letter").exists()
    make_record(
        Proposal.objects.select_related("round", "site").get(pk=proposal.pk), actor=lea_site_lead, at=LATER,
        progress=lambda *args: None, finish=lambda outcome: None,
    )  # fmt: skip
    archive = zipfile.ZipFile(io.BytesIO(RecordCopy.objects.get().document.content()))
    text = b"".join(archive.read(name) for name in archive.namelist() if name.endswith((".txt", ".json"))).decode()
    assert [words for words in told if words in text] == []
    assert not any("letter-" in name for name in archive.namelist())


def test_record_holds_the_letter_once_it_is_released(docket, omar_officer):
    release_all(docket, omar_officer)
    proposal = the_letter(docket, Decision.AWARD).line.proposal
    file = io.BytesIO()

    add_letters(RecordFiles(zipfile.ZipFile(file, "w"), proposal.reference, LATER), proposal)

    (name,) = zipfile.ZipFile(file).namelist()
    assert name == f"{proposal.reference}/letter-1.txt"
