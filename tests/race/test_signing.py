"""Sixteen processes around one proposal's signatures: each given once, none under other words, each reminder once."""


def test_signatories_who_sign_at_once_each_sign_once(race):
    said, outcome = race("tests.race.signings")

    assert said == ["refused"] * 13 + ["signed"] * 3
    assert outcome == {"stand": 3, "logged": 3, "same": True}


def test_signatories_who_sign_while_a_colleague_saves_stand_under_no_other_words(race):
    said, outcome = race("tests.race.signatures")

    signed = said.count("signed")
    assert said == ["refused"] * (15 - signed) + ["saved"] + ["signed"] * signed
    assert outcome == {
        "changed": True, "wrongly_signed": 0, "voided_without_a_reason": 0, "given": signed, "logged": signed, "rows": 3,
    }  # fmt: skip


def test_signatories_reminded_by_all_beats_at_once_get_one_mail(race):
    said, outcome = race("tests.race.beats")

    assert said == ["beaten"] * 16
    assert outcome == {"mails": 3, "people": 3}
