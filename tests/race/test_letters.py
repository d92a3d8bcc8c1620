"""Sixteen officers release the same letters at the same instant: every team is written to once."""


def test_letters_are_released_once(race):
    said, outcome = race("tests.race.letters")

    assert said == ["refused"] * 15 + ["released"]
    assert outcome == {"state": "announced", "mails": 2, "released": 2, "releasers": 1}
