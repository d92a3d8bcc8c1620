"""Sixteen processes press the same button of an applicant: one submission, one proposal, nobody overwritten."""


def test_form_sent_by_all_at_once_submits_once(race):
    said, outcome = race("tests.race.submits")

    assert said == ["submission 1"] * 16
    assert outcome == {"state": "submitted", "submissions": [1], "receipts": 1, "in_step": True}


def test_proposal_started_by_all_at_once_is_one(race):
    said, outcome = race("tests.race.starts")

    assert said == ["Harbor Promise already has a proposal in this round."] * 15 + ["started"]
    assert outcome == {"references": ["P-2026-0001"]}


def test_budget_saved_by_all_at_once_keeps_the_first_and_tells_the_rest(race):
    said, outcome = race("tests.race.budgets")

    assert said == ["saved"] + ["told of a colleague"] * 15
    assert outcome == {"lines": 5, "in_step": True}


def test_questions_published_while_teams_save_lose_nothing(race):
    said, outcome = race("tests.race.questions")

    assert said == ["published"] + ["saved"] * 14 + ["started"]
    assert outcome == {"versions": [2], "proposals": 15, "kept": True}


def test_budget_saved_while_dockets_of_the_site_are_approved_waits_for_nobody_in_a_circle(race):
    said, outcome = race("tests.race.decisions")

    assert said == ["approved"] * 4 + ["saved"] * 12
    assert outcome == {"in_step": True}
