"""Sixteen processes around one agreement: in force once, and no signature under what was taken back."""


def test_agreement_countersigned_while_it_is_replaced_starts_its_award_at_most_once(race):
    said, outcome = race("tests.race.countersigns")

    signed = said.count("signed")
    assert signed <= 1
    assert said.count("replaced") == 1
    assert outcome == {
        "award": "active" if signed else "offered",
        "countersigned": signed,
        "activated": signed,
        "payments": 5 * signed,
        "scheduled": "$1,250,000" if signed else "$0",
        "live": [[2, "draft"]],
    }


def test_partners_who_sign_while_the_agreement_is_replaced_stand_under_nothing(race):
    said, outcome = race("tests.race.partings")

    signed = said.count("signed")
    assert said == ["refused"] * (15 - signed) + ["replaced"] + ["signed"] * signed
    assert outcome == {
        "standing": 0, "given": signed, "logged": signed, "numbers": [[1, "replaced"], [2, "draft"]],
    }  # fmt: skip
