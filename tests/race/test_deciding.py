"""Sixteen processes send, decide on and approve dockets: one is chosen, no envelope is passed, no line is half decided."""


def test_dockets_of_one_round_end_at_exactly_its_envelope(race):
    said, outcome = race("tests.race.envelopes")

    assert said[:5] == ["approved"] * 5
    assert all("more than the envelope of $1,250,000" in words for words in said[5:])
    assert outcome == {"awarded": "1250000.00", "states": ["approved"] * 5 + ["sent"] * 11}


def test_docket_decided_on_by_two_directors_at_once_is_decided_once(race):
    said, outcome = race("tests.race.verdicts")

    assert said.count("approved") + said.count("returned") == 1
    assert outcome in (
        {"docket": "draft", "verdict": "open", "proposal": "in_review", "awards": 0},
        {"docket": "approved", "verdict": "agreed", "proposal": "recommended", "awards": 1},
        {"docket": "approved", "verdict": "declined", "proposal": "not_recommended", "awards": 0},
    )


def test_drafts_of_one_round_sent_at_once_leave_one_with_the_director(race):
    said, outcome = race("tests.race.sendings")

    assert said == ["sent"] + ["set aside"] * 15
    assert outcome == {"states": ["sent"] + ["set_aside"] * 15}
