"""Sixteen processes act on what comes after submitting: a request for changes ends once, a message is sent once."""

from collections import Counter


def test_changes_submitted_while_staff_go_on_without_end_one_way(race):
    said, outcome = race("tests.race.changes")

    told = Counter(said)
    assert told in ({"closed": 1, "refused": 15}, {"submitted": 1, "refused": 15})
    assert outcome == {
        "state": "submitted",
        "is_closed": True,
        "answered_by_the_second": True,
        "says_what_was_submitted": True,
        "nothing_lost": True,
    }


def test_message_sent_by_all_at_once_is_one(race):
    said, outcome = race("tests.race.messages")

    assert (said, outcome) == (["sent"] * 16, {"messages": 1, "mails": 1})


def test_discussion_opened_written_in_and_scored_again_by_all_at_once_happens_once(race):
    said, outcome = race("tests.race.discussions")

    assert said == (
        ["This proposal has a discussion already."] * 7
        + ["opened", "scores again"]
        + ["written"] * 4
        + ["“Score again” is not possible now: V-2026-0004 is in progress."] * 3
    )
    assert outcome == {"discussions": 2, "posts": 1, "told_of_opening": 2, "told_of_post": 1}
