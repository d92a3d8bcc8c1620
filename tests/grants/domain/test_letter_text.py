"""Merge fields: what is filled in, what is left out, what is refused."""

import pytest
from django.core.exceptions import ValidationError

from grants.domain.queries.letter_text import FIELDS, PORTAL_WORDING, Wording, check_wording, fields_in, fill
from grants.enums import Decision


def test_fields_are_filled_in_one_pass_so_that_braces_in_a_name_stay():
    letter = fill(Wording("{site}", "Dear {leads}, of {site}"), {"site": "{leads} & <b>Co</b>", "leads": "Ana"})

    assert letter == Wording("{leads} & <b>Co</b>", "Dear Ana, of {leads} & <b>Co</b>")


def test_paragraph_whose_fields_are_all_empty_is_left_out():
    body = "Dear {leads},\n\nStrengths:\n{strengths}\n\n{note} {site}\n\n \n\nGoodbye."

    letter = fill(Wording("Hello", body), {"leads": "Ana", "strengths": "", "site": "Harbor"})

    assert letter.body == "Dear Ana,\n\n Harbor\n\nGoodbye."


def test_subject_is_one_line_and_cut_at_a_word():
    letter = fill(Wording("About\n {proposal}", "Hello"), {"proposal": "word " * 60})

    assert "\n" not in letter.subject
    assert len(letter.subject) <= 200
    assert letter.subject.endswith("word…")


@pytest.mark.parametrize(
    ("subject", "body", "errors"),
    [
        ("", "Hello", {"subject": ["Fill this in."]}),
        ("Hello", " ", {"body": ["Fill this in."]}),
        (
            "Hello {nobody}",
            "Hello {site.name} and {nobody} and {nobody}",
            {
                "subject": ["There is no field {nobody}. Choose one of the list beside the letter."],
                "body": [
                    "There is no field {site.name}. Choose one of the list beside the letter.",
                    "There is no field {nobody}. Choose one of the list beside the letter.",
                ],
            },
        ),
        ("Hello {scores}", "Hello", {"subject": ["{scores} fills lines of its own, so it has no place in a subject."]}),
        (
            "Hello",
            "Hello {site",
            {"body": ["A brace stands alone. Write a field with both braces, such as {site}."]},
        ),
        ("Hello", "x" * 20_001, {"body": ["Shorten this to 20,000 characters."]}),
    ],
)
def test_wording_with_faults_is_refused_beside_the_box(subject, body, errors):
    with pytest.raises(ValidationError) as raised:
        check_wording(Wording(subject, body))

    assert raised.value.message_dict == errors


@pytest.mark.parametrize("decision", Decision)
def test_portals_wording_uses_known_fields_only(decision):
    wording = PORTAL_WORDING[decision]

    check_wording(wording)
    assert fields_in(wording.body) <= {field.name for field in FIELDS}


def test_portals_decline_carries_means_strengths_and_weaknesses():
    assert {"scores", "strengths", "weaknesses", "note"} <= fields_in(PORTAL_WORDING[Decision.DECLINE].body)
