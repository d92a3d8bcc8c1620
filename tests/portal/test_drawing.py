"""Fields drawn without a template: labels, values, help and errors, all of it escaped."""

import pytest
from django import forms

from portal.drawing import MANY, NUMBER, ONE, PICK, TEXT, WORDS, field
from portal.forms import PortalForm


def a_form(control, kind, data=None, **facts):
    control.kind = kind
    for name, value in facts.items():
        setattr(control, name, value)
    form = type("AForm", (PortalForm,), {"asked": control})(data)
    form.is_valid()
    return form


CHOICES = [("<a>", "First <b>"), ("b", "Second")]


def test_text_area_keeps_its_first_line_end_and_its_word_limit():
    form = a_form(
        forms.CharField(label="Why <now>?", strip=False), WORDS, {"asked": "\n</textarea>"}, rows=4, word_limit=9
    )

    assert field(form["asked"]) == (
        '<div id="div_id_asked" class="field"><label for="id_asked" class="form-label">Why &lt;now&gt;?</label>'
        '<textarea name="asked" id="id_asked" rows="4" data-word-limit="9" class="form-control">\n'
        "\n&lt;/textarea&gt;</textarea></div>"
    )


def test_text_with_help_and_errors_names_both():
    form = a_form(forms.CharField(help_text="In <short>.", max_length=3, required=True), TEXT, {"asked": "long"})

    html = field(form["asked"])

    assert 'aria-describedby="id_asked_helptext id_asked_error" aria-invalid="true"' in html
    assert '<div id="id_asked_helptext" class="form-text">In &lt;short&gt;.</div>' in html
    assert 'value="long" maxlength="3" class="form-control is-invalid"' in html
    assert "Ensure this value has at most 3 characters (it has 4)." in html


def test_field_that_need_not_be_filled_says_so():
    form = a_form(forms.CharField(required=False), NUMBER, {"asked": ""})

    assert '<span class="optional">(optional)</span></label>' in field(form["asked"])
    assert 'inputmode="decimal"' in field(form["asked"])


@pytest.mark.parametrize(
    ("kind", "control", "value", "checked"),
    [
        (ONE, forms.ChoiceField(choices=CHOICES), "b", ['value="b" id="id_asked_1" checked']),
        (MANY, forms.MultipleChoiceField(choices=CHOICES), ["<a>"], ['value="&lt;a&gt;" id="id_asked_0" checked']),
        (PICK, forms.TypedChoiceField(choices=[(1, "Year 1"), (2, "Year 2")], coerce=int), "2", ['value="2" selected']),
    ],
)
def test_choice_marks_what_was_chosen(kind, control, value, checked):
    html = field(a_form(control, kind, {"asked": value})["asked"])

    assert [each for each in checked if each in html] == checked
    assert html.count(" checked") + html.count(" selected") == 1


def test_choice_says_what_a_no_means():
    form = a_form(forms.ChoiceField(choices=CHOICES), ONE, {"asked": "b"}, if_no="Then <you> cannot apply.")

    assert '<p class="if-no">Then &lt;you&gt; cannot apply.</p></fieldset>' in field(form["asked"])
