"""Sixteen officers send one plan, three workers carry it out: nobody is asked twice, each gets one mail."""


def test_plan_sent_by_all_at_once_asks_each_reviewer_once(race):
    said, outcome = race("tests.race.assignments")

    assert said == ["refused"] * 15 + ["sent"]
    assert outcome == {"reviews": 4, "pairs": 4, "mails": 2, "each_of_two": True}
