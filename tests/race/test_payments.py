"""Sixteen processes at the bank's door: no payment is in two batches, and money comes back once or not at all."""


def test_payment_is_in_one_batch_at_most(race):
    said, outcome = race("tests.race.batches")

    assert outcome["sums_agree"]
    assert said.count("made") == outcome["batches"] == 1
    assert set(said) == {"made", "is in another batch already."}
    assert (outcome["payments"], outcome["together"]) == (["250000.00"] * 3, "$750,000")


def test_payment_held_while_it_is_released_ends_on_hold_and_forgets_both(race):
    """Whoever comes first: a hold stops what was released, and what is on hold cannot be released."""
    said, outcome = race("tests.race.holds")

    assert said.count("hold") == 1
    assert said.count("release") <= 1
    assert outcome == {"state": "held", "released_by": None, "payee": ""}


def test_payment_comes_back_or_is_voided_while_its_award_ends(race):
    said, outcome = race("tests.race.refunds")

    assert said.count("ended") == 1
    assert outcome["refunded"] == outcome["refunds"]
    assert outcome["scheduled"] == outcome["held"] == outcome["kept"]
    assert outcome["remaining"] == "$0"
    if outcome["state"] == "voided":
        assert (said.count("voided"), said.count("refunded"), outcome["kept"]) == (1, 0, "$0")
        assert outcome["returned"] == "$1,250,000"
    else:
        assert (said.count("voided"), said.count("refunded"), outcome["kept"]) == (0, 5, "$0")
