"""The closing instant under load: who arrived in time is in, however long the line; who did not is out; nobody twice."""


def test_submissions_across_the_closing_second_are_each_judged_by_their_arrival(race):
    said, outcome = race("tests.race.closings")

    assert said == ["0 wrong"] * 16
    assert outcome == {"late": 0, "doubled": 0, "in_step": True, "some": True, "asked": 208}


def test_reminders_of_sixteen_beats_at_once_are_each_sent_once(race):
    said, outcome = race("tests.race.reminders")

    assert outcome == {"reminders": 20, "mails": 20, "told": 20}
    assert sum(int(each) for each in said) == 20
