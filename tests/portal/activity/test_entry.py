"""The activity log: what an entry holds, how the chain is built, and how one record's history is read."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from portal.access import ALLOWED
from portal.activity.domain import record, timeline
from portal.activity.models import Entry, Head
from portal.activity.models.head import GENESIS
from portal.jobs.models import Job
from portal.signals import step_performed
from portal.workflow import Workflow, step

NOON = datetime(2026, 10, 5, 16, 0, tzinfo=UTC)


LEASE = {"lease_token": "0" * 32, "lease_until": NOON, "started_at": NOON}


def _record(subject, actor=None, at=NOON, **facts):
    return record(subject, "greet", actor=actor, at=at, summary="Greeted.", facts=facts)


def test_first_entry_stands_on_genesis_and_moves_the_head(omar_officer):
    entry = _record(omar_officer, omar_officer)

    head = Head.objects.get()
    assert (entry.sequence, entry.previous_hash) == (1, GENESIS)
    assert (head.sequence, head.hash) == (1, entry.hash)


def test_second_entry_stands_on_the_first(omar_officer):
    first = _record(omar_officer, omar_officer)
    second = _record(omar_officer, omar_officer)

    assert (second.sequence, second.previous_hash) == (2, first.hash)


def test_entry_read_back_has_the_same_digest(omar_officer):
    facts = {
        "amount": Decimal("250000.00"), "whole": 2.0, "half": 0.5, "tiny": 1e-7, "huge": 1.5e300, "at": NOON,
        "text": "Dvořák \"x\"", "list": [1, {"b": None, "a": True}],
    }  # fmt: skip
    at = NOON + timedelta(microseconds=7)
    entry = record(omar_officer, "greet", actor=omar_officer, at=at, summary="Greeted.", facts=facts)

    stored = Entry.objects.get(pk=entry.pk)
    assert stored.digest() == stored.hash == entry.hash


def test_entry_of_nobody_names_the_portal(omar_officer):
    assert (_record(omar_officer).actor, _record(omar_officer).actor_label) == (None, "The portal")


def test_entry_of_somebody_without_account_keeps_the_label(omar_officer):
    entry = record(
        omar_officer, "sign", actor=None, actor_label="Pat Union (pat@union.example)", at=NOON, summary="Signed."
    )

    assert (entry.actor, entry.actor_label) == (None, "Pat Union (pat@union.example)")


def test_entry_keeps_the_name_the_actor_had(omar_officer):
    _record(omar_officer, omar_officer)

    omar_officer.name = "Somebody Else"
    omar_officer.save()

    assert Entry.objects.get().actor_label == "Omar Officer (omar@officer.example)"


def test_record_rolled_back_leaves_no_gap(omar_officer):
    with transaction.atomic():
        _record(omar_officer)
        transaction.set_rollback(True)
    entry = _record(omar_officer)

    assert (entry.sequence, entry.previous_hash) == (1, GENESIS)


def test_timeline_shows_one_record_newest_first(omar_officer, dina_director):
    early = _record(omar_officer)
    _record(dina_director)
    late = _record(omar_officer, at=NOON + timedelta(hours=1))

    assert timeline(omar_officer) == [late, early]


def test_timeline_costs_one_query(omar_officer, django_assert_num_queries):
    for _ in range(3):
        _record(omar_officer)

    with django_assert_num_queries(1):
        assert len(timeline(omar_officer, limit=2)) == 2


def test_step_performed_becomes_an_entry(omar_officer):
    take = step("take", "queued", "running", "Take up", lambda subject, user: ALLOWED)
    Workflow("jobs.job", (take,))
    job = Job.objects.create(kind="test", key="1", title="Make a book", state="running", **LEASE)
    step_performed.send(Job, subject=job, step=take, actor=omar_officer, at=NOON, comment="At last", before="queued")

    entry = Entry.objects.get()
    assert (entry.verb, entry.noun, entry.subject_pk) == ("take", "jobs.job", str(job.pk))
    assert entry.summary == "Take up: Make a book is now running."
    assert entry.facts == {"before": "queued", "after": "running", "comment": "At last"}
