"""Going back to what was submitted: the newer text stays readable, and signatures hold again."""

from datetime import UTC, datetime, timedelta

import pytest

from grants.domain.queries.dossier import forget_dossier
from grants.domain.section import save_section
from grants.domain.unsubmitted import drop_changes
from grants.enums import ProposalState, QuestionKind, SignOffState
from grants.models import Proposal, SignOff
from portal.access import Refused
from portal.activity.models import Entry
from portal.record import Stale
from tests.conftest import NOON
from tests.factories.proposals import a_complete_proposal, a_submitted_proposal

pytestmark = pytest.mark.django_db
CLOSES = datetime(2026, 10, 30, 21, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def proposal(ana_applicant):
    proposal = a_submitted_proposal(actor=ana_applicant)
    write(proposal, ana_applicant, "Another text.")
    return Proposal.objects.select_related("round", "site").get()


def write(proposal, actor, text):
    row = proposal.sections.get(key="need")
    asked = proposal.round.questions.filter(section="need", kind=QuestionKind.TEXT)
    save_section(
        proposal, "need", actor=actor, at=NOON + HOUR, version=row.version, answers={each.key: text for each in asked}
    )


def drop(proposal, actor, at=NOON + 2 * HOUR, version=None):
    return drop_changes(proposal, actor=actor, at=at, version=version)


def needs(proposal):
    return set(proposal.answers.filter(question__section="need", question__kind="text").values_list("text", flat=True))


def test_dropped_changes_give_back_what_was_submitted_and_stay_readable(proposal, ana_applicant):
    assert needs(proposal) == {"Another text."}

    row = drop(proposal, ana_applicant)

    assert "Another text." not in needs(proposal)
    kept = next(each for each in row.set_aside["sections"] if each["key"] == "need")
    assert {each["text"] for each in kept["answers"] if each["kind"] == "text"} == {"Another text."}
    assert Entry.objects.of(row).first().summary == f"{ana_applicant} dropped the changes made since submission 1."


def test_dropped_changes_leave_a_version_of_the_section_each(proposal, ana_applicant):
    before = proposal.revisions.filter(key="need").count()

    drop(proposal, ana_applicant)

    assert proposal.revisions.filter(key="need").count() == before + 1
    assert proposal.revisions.exclude(key="need").filter(saved_at=NOON + 2 * HOUR).count() == 0


def test_section_open_elsewhere_is_stale_after_dropping(proposal, ana_applicant):
    version = proposal.sections.get(key="need").version
    drop(proposal, ana_applicant)

    with pytest.raises(Stale):
        save_section(
            proposal,
            "need",
            actor=ana_applicant,
            at=NOON + 3 * HOUR,
            version=version,
            answers={},
            editor="another page",
        )


def test_signatures_of_what_was_submitted_hold_again(proposal, ana_applicant):
    assert set(SignOff.objects.values_list("state", flat=True)) == {SignOffState.VOID}

    drop(proposal, ana_applicant)

    assert set(SignOff.objects.values_list("state", flat=True)) == {SignOffState.SIGNED}
    forget_dossier(proposal)


def test_finished_sections_are_counted_again_after_dropping(proposal, ana_applicant):
    assert proposal.sections_done == proposal.sections_total - 1

    row = drop(proposal, ana_applicant)

    row.refresh_from_db()
    assert row.sections_done == row.sections_total


def test_changes_are_not_dropped_after_the_call_closed(proposal, ana_applicant):
    with pytest.raises(Refused, match="The call closed on"):
        drop(proposal, ana_applicant, at=CLOSES + timedelta(microseconds=1))


def test_draft_has_nothing_to_drop(ana_applicant):
    with pytest.raises(Refused, match="Only changes made after submitting"):
        drop(a_complete_proposal(actor=ana_applicant), ana_applicant)


def test_changes_are_dropped_by_writers_only(proposal, sam_stranger):
    with pytest.raises(Refused):
        drop(proposal, sam_stranger)
    assert Proposal.objects.get().state == ProposalState.SUBMITTED


def test_proposal_submitted_again_meanwhile_is_stale(proposal, ana_applicant):
    with pytest.raises(Stale):
        drop(proposal, ana_applicant, version=proposal.version - 1)
