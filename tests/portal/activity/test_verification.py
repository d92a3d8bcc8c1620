"""Walking the chain finds what somebody with the database's keys changed behind the triggers' back."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from portal.activity.domain import record
from portal.activity.models import Entry, Head
from tests.plugins.append_only import lifted

NOON = datetime(2026, 10, 5, 16, 0, tzinfo=UTC)


@pytest.fixture
def three(omar_officer):
    return [
        record(omar_officer, "greet", actor=omar_officer, at=NOON, summary=f"Greeted {n}.", facts={"n": n})
        for n in (1, 2, 3)
    ]


def _tamper(statement):
    """Do what only the owner of the database can do."""
    with lifted(connection), connection.cursor() as cursor:
        cursor.execute(statement)


def _verify(**options):
    out = StringIO()
    call_command("verify_activity", stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_verify_empty_log_is_whole():
    assert _verify().startswith("0 entries, nothing changed.")


def test_verify_untouched_log_prints_its_mark(three):
    assert _verify() == f"3 entries, nothing changed. Note this mark elsewhere: 3:{three[-1].hash}\n"


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE activity_entry SET summary = 'x' WHERE sequence = 2", "Entry 2 was changed after it was written."),
        ("UPDATE activity_entry SET facts = '{}' WHERE sequence = 1", "Entry 1 was changed after it was written."),
        ("UPDATE activity_entry SET actor_id = NULL WHERE sequence = 3", "Entry 3 was changed after it was written."),
        ("UPDATE activity_entry SET hash = 'x' WHERE sequence = 2", "Entry 2 was changed after it was written."),
        (
            "UPDATE activity_entry SET previous_hash = 'x' WHERE sequence = 2",
            "Entry 2 does not follow from the entry before it.",
        ),
        ("DELETE FROM activity_entry WHERE sequence = 2", "Entry 2 is missing."),
        ("DELETE FROM activity_entry WHERE sequence = 3", "The log ends with entry 2, but entry 3 was written."),
        ("DELETE FROM activity_entry", "The log ends with entry 0, but entry 3 was written."),
        ("UPDATE activity_entry SET sequence = 4 WHERE sequence = 3", "Entry 3 is missing."),
        ("UPDATE activity_head SET hash = 'x'", "Entry 3 is not the one that was noted when it was written."),
    ],
)
def test_verify_tampered_log_says_the_first_broken_entry(three, statement, says):
    _tamper(statement)

    with pytest.raises(CommandError, match=f"^{says}$"):
        _verify()


def test_verify_forged_entry_after_the_end_is_found(three):
    forged = Entry.objects.get(pk=3)
    forged.sequence, forged.previous_hash = 4, three[-1].hash
    forged.hash = forged.digest()
    forged.save(force_insert=True)

    with pytest.raises(CommandError, match=r"^Entry 4 stands after the end of the log\.$"):
        _verify()


def test_verify_chain_rewritten_from_the_start_needs_the_known_mark(three):
    known = f"2:{three[1].hash}"
    last = None
    with lifted(connection):
        for entry in Entry.objects.order_by("sequence"):
            entry.summary = "Nothing happened."
            entry.previous_hash = last.hash if last else entry.previous_hash
            entry.hash = entry.digest()
            entry.save()
            last = entry
    Head.objects.update(hash=last.hash)

    assert _verify().startswith("3 entries, nothing changed.")
    with pytest.raises(CommandError, match=r"^Entry 2 is not the one that was noted when it was written\.$"):
        _verify(known=known)


def test_verify_known_mark_of_this_chain_passes(three):
    assert _verify(known=f"2:{three[1].hash}").startswith("3 entries")


@pytest.mark.django_db
def test_verify_without_triggers_says_so():
    with (
        lifted(connection),
        pytest.raises(CommandError, match="The database no longer refuses changes to the log: append_only_activity"),
    ):
        _verify()


@pytest.mark.django_db
def test_verify_nonsense_for_a_mark_is_refused():
    with pytest.raises(CommandError, match="is not a mark such as"):
        _verify(known="yesterday")
