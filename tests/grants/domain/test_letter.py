"""Letters: written at approval, edited, released one by one or all, mailed once, unseen before and frozen after."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from grants.domain import letter as domain
from grants.domain.queries.letter import obstacles_to_announcing, released_of, standings
from grants.enums import AwardState, Decision, DocketState, ReviewKind
from grants.models import Award, Calibration, Docket, Letter, Proposal, Review
from grants.workflow import AWARD, DOCKET
from portal.access import Refused
from portal.activity.models import Entry
from portal.mail.enums import MessageState
from portal.mail.models import Message
from portal.record import Stale
from sites.enums import SeatRole
from sites.models import Seat
from tests.factories.accounts import UserFactory
from tests.factories.dockets import DECIDED_AT, a_docket
from tests.factories.letters import FEEDBACK, an_approved_docket, the_letter
from tests.factories.sites import SeatFactory, a_site
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
LATER = DECIDED_AT + timedelta(days=1)
THREE = (Decision.AWARD, Decision.WAITLIST, Decision.DECLINE)


@pytest.fixture
def harbor(lea_site_lead):
    return a_site(lead=lea_site_lead, name="Harbor County Collaboration")


@pytest.fixture
def docket(omar_officer, harbor):
    """An approved docket with one award, to Harbor."""
    return an_approved_docket(omar_officer, sites=[harbor])


def edit(letter, actor, *, subject="The decision", body="Dear Lea,\n\nwe fund you.", version=None):
    return domain.edit_letter(
        letter, actor=actor, at=LATER, version=version or letter.version, subject=subject, body=body
    )


def release(docket, actor, *references, version=None):
    fresh = Docket.objects.get(pk=docket.pk)
    wanted = references or [each.reference for each in standings(fresh)]
    return domain.release_letters(docket, set(wanted), actor=actor, at=LATER, version=version or fresh.version)


def mails():
    return list(Message.objects.filter(template="letter").order_by("to").values_list("to", flat=True))


# --- written ---


def test_letters_are_written_when_the_docket_is_approved(omar_officer):
    docket = an_approved_docket(omar_officer, decisions=THREE, marks=(4, 5))

    award, waitlist, decline = Letter.objects.order_by("line__rank")
    holder = award.line.proposal.site.seats.get().holder
    assert award.subject == f"Your proposal is funded: {award.line.proposal}"
    assert f"Dear {holder}," in award.body
    assert "- 2027-28: $240,000\n- 2028-29: $240,000" in award.body
    assert "$1,200,000 over five years" in award.body
    assert "waitlist" in waitlist.body
    assert "$" not in waitlist.body + decline.body
    name = docket.round.criteria.first().name
    assert f"2 reviewers scored it on a scale from 1 (lowest) to {docket.round.top_score} (highest)." in decline.body
    assert f"- {name}: 4.5 of {docket.round.top_score}" in decline.body
    assert FEEDBACK in decline.body
    assert (mails(), Letter.objects.filter(released_at__isnull=False).count()) == ([], 0)


def test_decline_without_reviews_says_nothing_of_scores(omar_officer):
    docket = an_approved_docket(omar_officer, decisions=[Decision.DECLINE], marks=())

    assert "scale" not in the_letter(docket).body


def test_mean_in_a_letter_leaves_a_calibration_out(omar_officer):
    docket = an_approved_docket(omar_officer, decisions=[Decision.DECLINE], marks=(4, 1))
    sample = Calibration.objects.create(
        round=docket.round, proposal=Proposal.objects.get(), opened_by=omar_officer, opened_at=DECIDED_AT
    )
    Review.objects.filter(weighted_mean=1).update(kind=ReviewKind.CALIBRATION, calibration=sample)

    (now,) = standings(docket)

    assert ": 4.0 of" in now.fresh.body
    assert "1 reviewer scored" in now.fresh.body


def test_letters_are_prepared_again_after_a_lead_changed(docket, harbor, omar_officer, ben_colleague):
    harbor.seats.update(ended_at=LATER)
    SeatFactory(site=harbor, holder=ben_colleague)
    (now,) = standings(docket)
    assert now.warnings == ("The template or the facts changed since it was written",)

    written = domain.prepare_letters(docket, actor=omar_officer, at=LATER)

    assert written == 1
    assert f"Dear {ben_colleague}," in the_letter(docket).body
    assert domain.prepare_letters(docket, actor=omar_officer, at=LATER) == 0


@pytest.mark.parametrize("state", [DocketState.DRAFT, DocketState.SENT, DocketState.ANNOUNCED])
def test_letters_of_a_docket_in_another_state_are_not_written(state, omar_officer):
    docket = a_docket(state=state, officer=omar_officer)

    with pytest.raises(Refused, match="Letters are written between the approval and the announcement"):
        domain.prepare_letters(docket, actor=omar_officer, at=LATER)


# --- edited ---


def test_letter_edited_by_hand_is_left_alone_by_the_template(docket, harbor, omar_officer, ben_colleague):
    edit(the_letter(docket), omar_officer)
    SeatFactory(site=harbor, holder=ben_colleague)

    assert domain.prepare_letters(docket, actor=omar_officer, at=LATER) == 0

    letter = the_letter(docket)
    assert (letter.body, letter.edited_by, letter.edited_at) == ("Dear Lea,\n\nwe fund you.", omar_officer, LATER)
    assert Entry.objects.filter(verb="edit_letter").count() == 1


def test_letter_edited_from_an_old_page_is_stale(docket, omar_officer, olga_officer):
    old = the_letter(docket)
    edit(old, omar_officer)

    with pytest.raises(Stale) as raised:
        edit(old, olga_officer, body="Other words.")

    assert raised.value.current.body == "Dear Lea,\n\nwe fund you."


def test_letter_with_braces_or_a_reviewers_name_is_refused(docket, omar_officer):
    reviewer = Proposal.objects.get().reviews.get().reviewer
    letter = the_letter(docket)

    with pytest.raises(ValidationError) as raised:
        edit(letter, omar_officer, subject="For {site}", body=f"As {reviewer.name.upper()}  said, well done.")

    assert raised.value.message_dict == {
        "subject": ["Fields work in templates only. Write here what the team should read, without braces."],
        "body": [f"This names a reviewer, {reviewer.name}. Teams do not learn who reviewed them."],
    }


def test_letter_taken_back_to_the_template_says_what_it_says(docket, omar_officer):
    letter = edit(the_letter(docket), omar_officer)

    letter = domain.reset_letter(letter, actor=omar_officer, at=LATER, version=letter.version)

    assert (letter.edited_by, letter.subject) == (None, f"Your proposal is funded: {Proposal.objects.get()}")
    assert Entry.objects.filter(verb="reset_letter").get().facts["was"] == "Dear Lea,\n\nwe fund you."


@pytest.mark.parametrize("who", ["dina_director", "fay_finance", "otto_auditor", "rita_reviewer", "lea_site_lead"])
def test_letter_acts_of_others_are_refused(who, docket, request):
    actor = request.getfixturevalue(who)
    letter = the_letter(docket)

    for act in (
        lambda: edit(letter, actor),
        lambda: domain.reset_letter(letter, actor=actor, at=LATER, version=letter.version),
        lambda: domain.prepare_letters(docket, actor=actor, at=LATER),
        lambda: domain.send_missing(letter, actor=actor, at=LATER),
        lambda: release(docket, actor),
    ):
        with refuses("Only program officers announce decisions."):
            act()


# --- released ---


def test_last_letter_released_announces_the_docket(omar_officer):
    docket = an_approved_docket(omar_officer, decisions=THREE)
    award, waitlist, decline = [each.line.proposal for each in Letter.objects.order_by("line__rank")]

    release(docket, omar_officer, waitlist.reference)

    assert Docket.objects.get().state == DocketState.APPROVED
    assert states() == ["recommended", "waitlisted", "not_recommended"]
    assert Award.objects.get().state == AwardState.APPROVED
    assert mails() == [waitlist.site.seats.get().holder.email]
    assert [released_of(each) != [] for each in (award, waitlist, decline)] == [False, True, False]

    release(docket, omar_officer, award.reference, decline.reference)

    assert (Docket.objects.get().state, Docket.objects.get().announced_at) == (DocketState.ANNOUNCED, LATER)
    assert states() == ["awarded", "waitlisted", "declined"]
    assert Award.objects.get().state == AwardState.OFFERED
    assert len(mails()) == 3
    assert set(Letter.objects.values_list("released_by", "released_at")) == {(omar_officer.pk, LATER)}


def states():
    return list(Proposal.objects.order_by("pk").values_list("state", flat=True))


def test_announcing_releases_whatever_is_left(omar_officer):
    docket = an_approved_docket(omar_officer, decisions=(Decision.AWARD, Decision.DECLINE))
    award, _ = [each.line.proposal for each in Letter.objects.order_by("line__rank")]
    release(docket, omar_officer, award.reference)

    DOCKET.perform(docket, "announce", actor=omar_officer, at=LATER)

    assert states() == ["awarded", "declined"]
    assert len(mails()) == 2
    assert not Letter.objects.filter(released_at=None).exists()


def test_letter_goes_to_every_lead_with_its_words(docket, harbor, omar_officer, lea_site_lead, ana_applicant):
    SeatFactory(site=harbor, holder=ana_applicant, role=SeatRole.LEAD)
    SeatFactory(site=harbor, holder=UserFactory(), role=SeatRole.CONTRIBUTOR)
    edit(the_letter(docket), omar_officer, subject="Yes", body="Dear both,\n\n<b>we</b> fund you & yours.")

    release(docket, omar_officer)

    assert mails() == sorted([ana_applicant.email, lea_site_lead.email])
    message = Message.objects.filter(template="letter").first()
    assert message.subject == "Yes"
    assert "<b>we</b> fund you & yours." in message.text
    assert "&lt;b&gt;we&lt;/b&gt; fund you &amp; yours." in message.html
    assert f"/proposals/{Proposal.objects.get().reference}/letter/" in message.text


def test_letters_released_twice_go_out_once(docket, omar_officer):
    release(docket, omar_officer)

    with refuses("These letters are released already. Each team was written to once."):
        release(docket, omar_officer)

    assert len(mails()) == 1


def test_release_from_a_page_before_an_edit_is_stale(docket, omar_officer):
    version = Docket.objects.get().version
    edit(the_letter(docket), omar_officer)

    with pytest.raises(Stale):
        release(docket, omar_officer, version=version)

    assert mails() == []


@pytest.mark.parametrize(
    ("references", "text"),
    [
        ([], "Tick at least one letter to release."),
        (["P-1999-0001"], "One of these proposals gets no letter from this docket. Look at the list again."),
    ],
)
def test_release_of_nothing_or_of_a_foreign_letter_is_refused(references, text, docket, omar_officer):
    with refuses(text):
        domain.release_letters(docket, set(references), actor=omar_officer, at=LATER, version=docket.version)


def test_release_before_the_approval_is_refused(omar_officer):
    docket = a_docket(state=DocketState.SENT, officer=omar_officer)

    with refuses("Letters are released once the director approved the docket. This one is with the director."):
        release(docket, omar_officer)


def test_award_that_ended_before_it_was_announced_is_told_as_a_decline(docket, omar_officer, dina_director):
    AWARD.perform(Award.objects.get(), "terminate", actor=dina_director, at=LATER, comment="The district closed.")
    edited = the_letter(docket)

    DOCKET.perform(docket, "announce", actor=omar_officer, at=LATER)

    assert states() == ["declined"]
    assert the_letter(docket).subject == f"The decision on your proposal: {edited.line.proposal}"


def test_edited_letter_of_an_award_that_ended_since_has_to_be_read_again(docket, omar_officer, dina_director):
    edit(the_letter(docket), omar_officer)
    AWARD.perform(Award.objects.get(), "terminate", actor=dina_director, at=LATER, comment="The district closed.")
    text = (
        "The award of Harbor County Collaboration has ended, and its letter was edited before. "
        "Read it again and save it, or take the template."
    )
    docket = Docket.objects.select_related("round").get()

    assert obstacles_to_announcing(docket) == [text]
    with refuses(text):
        release(docket, omar_officer)


# --- frozen ---


def test_released_letter_cannot_be_changed(docket, omar_officer):
    release(docket, omar_officer)
    letter = the_letter(docket)

    with pytest.raises(Refused, match="Letters are written between the approval and the announcement"):
        edit(letter, omar_officer)
    for change in ({"body": "Other words."}, {"released_at": None, "released_by": None}):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Letter.objects.update(**change)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Letter.objects.all().delete()


def test_released_letter_of_a_docket_still_open_cannot_be_changed(omar_officer):
    docket = an_approved_docket(omar_officer, decisions=(Decision.AWARD, Decision.DECLINE))
    letter = the_letter(docket, Decision.AWARD)
    release(docket, omar_officer, letter.line.proposal.reference)

    with refuses("This letter is released and stays as it was sent."):
        edit(the_letter(docket, Decision.AWARD), omar_officer)


def test_letter_released_by_nobody_is_refused_by_the_database(docket):
    with pytest.raises(IntegrityError, match="letter_released_by_somebody"), transaction.atomic():
        Letter.objects.update(released_at=LATER)


# --- mail ---


def test_letter_is_sent_to_a_lead_who_came_later_once(docket, harbor, omar_officer, ana_applicant):
    release(docket, omar_officer)
    letter = the_letter(docket)
    with refuses("Everybody who should have this letter was written to."):
        domain.send_missing(letter, actor=omar_officer, at=LATER)
    SeatFactory(site=harbor, holder=ana_applicant, role=SeatRole.LEAD)

    assert domain.send_missing(letter, actor=omar_officer, at=LATER) == 1

    assert ana_applicant.email in mails()
    (now,) = standings(Docket.objects.select_related("round").get())
    assert (len(now.sent), now.unsent) == (2, ())


def test_mail_that_failed_is_shown_and_sent_again(docket, omar_officer):
    release(docket, omar_officer)
    Message.objects.filter(template="letter").update(state=MessageState.FAILED, failure="No such mailbox.")
    Seat.objects.update(ended_at=LATER)
    (now,) = standings(Docket.objects.select_related("round").get())
    assert now.failures == 1

    domain.send_again(the_letter(docket), message=now.sent[0].message, actor=omar_officer, at=LATER)

    assert Message.objects.get(template="letter").state == MessageState.QUEUED
