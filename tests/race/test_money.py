"""Sixteen processes press the same button: no ceiling is passed, nothing is paid twice, the losers are told why."""

OVER_A_YEAR = (
    "Harbor County Collaboration would hold $300,000 in 2027-28. "
    "That is $50,000 over the most it may hold in a year, $250,000."
)
AT_THE_CEILING = {
    "awards": 5,
    "by_year": ["250000.00"] * 5,
    "held": "1250000.00",
    "award_years": "1250000.00",
}


def test_awards_to_one_site_end_at_exactly_the_ceiling(race):
    said, outcome = race("tests.race.awards")

    assert said == [OVER_A_YEAR] * 11 + ["awarded"] * 5
    assert outcome == AT_THE_CEILING


def test_dockets_with_one_site_end_at_exactly_the_ceiling(race):
    said, outcome = race("tests.race.dockets")

    assert said[:5] == ["awarded"] * 5
    assert all(words.startswith("refused: Harbor County Collaboration would") for words in said[5:])
    assert outcome == AT_THE_CEILING


def test_instalments_of_one_year_end_at_exactly_its_amount(race):
    said, outcome = race("tests.race.instalments")

    assert said == ["2027-28 has $0 left to schedule. This is $50,000 more than that."] * 11 + ["scheduled"] * 5
    assert outcome == {"scheduled": "250000.00", "payments": "250000.00", "numbers": [2, 3, 4, 5, 6]}


def test_payment_is_released_once(race):
    said, outcome = race("tests.race.releases")

    assert said.count("released") == 1
    assert sum("“Release” is not possible now" in words for words in said) == 15
    assert outcome == {"state": "cleared", "releases_on_record": 1}


def test_award_ended_while_its_payments_move_keeps_exactly_what_was_released(race):
    said, outcome = race("tests.race.endings")

    assert said.count("ended") == 1
    assert set(said) <= {"ended", "done", "refused"}
    kept, finished = outcome["kept"], outcome["finished"]
    assert (kept["state"], kept["never_released"]) == ("terminated", [])
    assert kept["left"] == kept["scheduled"] == kept["held"]
    assert finished["still_open"] == 0
    assert finished["paid"] == finished["scheduled"] == finished["held"]
