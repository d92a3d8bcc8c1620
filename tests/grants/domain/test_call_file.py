"""The files of a call: made once for each content, by a job, whichever act changed the call."""

import io

import docx
import pytest

from grants import tasks  # noqa: F401 - registers the handler, as a worker does
from grants.domain.call_file import ask_for_call_files, current_files, refresh_call_files
from grants.domain.queries.call import facts_of, fingerprint
from grants.enums import CallFileKind, RoundState
from grants.models import CallFile, FundingRound
from grants.workflow import ROUND
from portal import clock
from portal.documents.models import Document
from portal.jobs.domain import run
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from tests.conftest import NOON
from tests.factories.rounds import RoundFactory
from tests.portal.pdf.samples import text_of

pytestmark = pytest.mark.django_db
BOTH = {CallFileKind.PDF, CallFileKind.DOCX}


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


def work():
    for job in Job.objects.filter(kind="call-files", state=JobState.QUEUED):
        run(str(job.pk))


def fresh(round_):
    return FundingRound.objects.get(pk=round_.pk)


def test_files_are_made_when_a_call_is_published(omar_officer):
    round_ = RoundFactory(state=RoundState.DRAFT)
    ROUND.perform(round_, "publish", actor=omar_officer, at=NOON)

    work()

    files = current_files(fresh(round_))
    assert set(files) == BOTH
    pdf, word = (files[kind].document.content() for kind in (CallFileKind.PDF, CallFileKind.DOCX))
    for question in round_.questions.all():
        assert " ".join(question.prompt.split()) in text_of(pdf)
    headings = [each.text for each in docx.Document(io.BytesIO(word)).paragraphs if each.style.name == "Heading 2"]
    assert {each.prompt for each in round_.questions.all()} <= set(headings)


def test_files_of_a_call_that_says_something_else_are_made_anew_and_the_old_not_given_out():
    round_ = RoundFactory()
    refresh_call_files(at=NOON)
    work()
    round_.questions.filter(key="gaps").update(prompt="Which gaps?")

    assert current_files(fresh(round_)) == {}
    assert refresh_call_files(at=NOON) == 1
    work()

    assert "Which gaps?" in text_of(current_files(fresh(round_))[CallFileKind.PDF].document.content())
    assert CallFile.objects.count() == 4


def test_refresh_of_calls_that_have_their_files_asks_for_nothing_and_costs_the_same_for_thirty(
    django_assert_max_num_queries,
):
    for _ in range(30):
        RoundFactory(core=False, criteria=0)
    round_ = RoundFactory()
    refresh_call_files(at=NOON)
    assert Job.objects.count() == 31
    for each in FundingRound.objects.all():
        for kind in CallFileKind:
            document = Document.objects.create(
                name="a", content_type="application/pdf", size=1, sha256="0" * 64, file=f"{each.pk}/{kind}",
                scan="issued", issued=True, created_at=NOON,
            )  # fmt: skip
            CallFile.objects.create(
                round=each, kind=kind, fingerprint=fingerprint(facts_of(each)), document=document, made_at=NOON
            )

    with django_assert_max_num_queries(6):
        assert refresh_call_files(at=NOON) == 0
    assert set(current_files(round_)) == BOTH


def test_files_asked_for_twice_are_one_job():
    round_ = RoundFactory()

    assert ask_for_call_files(round_, actor=None) == ask_for_call_files(round_, actor=None)


def test_files_that_could_not_be_made_are_not_tried_again_for_the_same_content(monkeypatch):
    round_ = RoundFactory()
    refresh_call_files(at=NOON)
    monkeypatch.setattr("grants.pdf.call.TEMPLATE", "pdf/no_such_template.html")
    work()
    assert Job.objects.get().state == JobState.FAILED

    assert refresh_call_files(at=NOON) == 0
    FundingRound.objects.filter(pk=round_.pk).update(name="Another name")
    assert refresh_call_files(at=NOON) == 1


def test_files_of_a_decided_round_stay_the_last_ones():
    round_ = RoundFactory()
    refresh_call_files(at=NOON)
    work()
    FundingRound.objects.filter(pk=round_.pk).update(state=RoundState.DECIDED, decided_at=NOON, name="Renamed")

    assert set(current_files(fresh(round_))) == BOTH


def test_drafts_have_no_files():
    RoundFactory(state=RoundState.DRAFT)

    assert refresh_call_files(at=NOON) == 0


def test_fingerprint_follows_what_is_said_and_nothing_else():
    round_ = RoundFactory()
    first = fingerprint(facts_of(fresh(round_)))
    FundingRound.objects.filter(pk=round_.pk).update(version=99, report_due_days=90)

    assert fingerprint(facts_of(fresh(round_))) == first
    round_.criteria.update(weight=7)
    assert fingerprint(facts_of(fresh(round_))) != first
