"""What the portal's forms have in common."""

from types import SimpleNamespace

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.exceptions import ValidationError

from portal.access import Refused
from portal.forms import PortalForm, WordsField
from portal.record import Stale


class NeedForm(PortalForm):
    name = forms.CharField(label="Name", help_text="As people know it.")
    need = WordsField(label="Need", word_limit=3, required=False)
    schools = forms.IntegerField(label="Schools", required=False)
    start = forms.DateField(label="Start", required=False)
    visit = forms.DateTimeField(label="Visit", required=False)
    letter = forms.FileField(label="Letter", required=False, widget=forms.ClearableFileInput)
    agree = forms.BooleanField(label="We agree")
    kind = forms.ChoiceField(label="Kind", choices=[("u", "Urban"), ("r", "Rural")], widget=forms.RadioSelect)


def test_form_leaves_tag_token_and_buttons_to_the_page():
    shown = render_crispy_form(NeedForm())

    assert "<form" not in shown
    assert "csrfmiddlewaretoken" not in shown


def test_form_marks_what_is_optional_and_not_what_is_required():
    shown = render_crispy_form(NeedForm())

    assert 'for="id_need" class="form-label">Need <span class="optional">(optional)</span></label>' in shown
    assert 'for="id_name" class="form-label">Name</label>' in shown
    assert "*" not in shown
    assert " required" not in shown


def test_form_ties_hint_and_error_to_the_field():
    shown = render_crispy_form(NeedForm({"name": ""}))

    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert 'id="id_name_helptext"' in shown
    assert 'id="id_name_error"' in shown
    assert 'aria-invalid="true"' in shown


def test_form_with_errors_begins_with_their_summary():
    shown = render_crispy_form(NeedForm({"name": ""}))

    assert '<a href="#id_name">Name: Fill this in.</a>' in shown
    assert '<a href="#id_agree">We agree: Tick this box to go on.</a>' in shown
    assert '<a href="#id_kind_0">Kind: Choose an answer.</a>' in shown
    assert shown.index("error-summary") < shown.index("id_name_helptext")


def test_form_gives_back_what_was_typed():
    shown = render_crispy_form(NeedForm({"name": "Harbor", "schools": "a dozen", "need": "far more than three words"}))

    assert 'value="a dozen"' in shown
    assert "far more than three words</textarea>" in shown


def test_number_boxes_take_any_text_and_suit_a_phone():
    shown = render_crispy_form(NeedForm())

    assert 'type="number"' not in shown
    assert 'inputmode="numeric"' in shown


def test_date_boxes_use_the_browsers_calendar():
    shown = render_crispy_form(NeedForm())

    assert 'type="date"' in shown
    assert 'type="datetime-local"' in shown


def test_file_box_never_links_to_where_files_are_kept():
    form = NeedForm(initial={"letter": SimpleNamespace(url="/media/secret.pdf")})

    assert "/media/secret.pdf" not in render_crispy_form(form)


def test_words_over_the_limit_are_refused_with_the_count():
    form = NeedForm({"name": "Harbor", "need": "one two three four", "agree": "on", "kind": "u"})

    assert form.errors == {"need": ["This is 4 words long. Shorten it to 3 words or fewer."]}


def test_words_over_the_limit_of_a_draft_are_kept():
    field = WordsField(word_limit=3, enforced=False)

    assert field.clean("one two three four") == "one two three four"


def test_words_field_tells_the_counter_its_limit():
    assert 'data-word-limit="3"' in render_crispy_form(NeedForm())


def test_version_travels_in_a_hidden_field():
    data = {"name": "Harbor", "agree": "on", "kind": "u", "version": "3"}

    assert '<input type="hidden" name="version" value="7"' in render_crispy_form(NeedForm(version=7))
    assert NeedForm(data, version=7).is_valid()
    assert NeedForm(data, version=7).fields["version"].clean("3") == 3


def test_version_that_is_missing_is_said_on_top():
    form = NeedForm({"name": "Harbor", "agree": "on", "kind": "u"}, version=7)

    assert "This form is incomplete." in render_crispy_form(form)


@pytest.fixture
def filled():
    form = NeedForm({"name": "Harbor", "agree": "on", "kind": "u"})
    assert form.is_valid()
    return form


def test_refusal_of_the_domain_is_shown_on_top(filled):
    filled.add_refusal(Refused("The call has closed.", "Two sign-offs are missing."))

    assert filled.errors == {"__all__": ["The call has closed.", "Two sign-offs are missing."]}


def test_refusal_that_names_a_field_is_shown_beside_it(filled):
    filled.add_refusal(ValidationError({"name": "This name is taken.", "budget": "Year 3 is over."}))

    assert filled.errors == {"name": ["This name is taken."], "__all__": ["Year 3 is over."]}


def test_refusal_without_a_field_is_shown_on_top(filled):
    filled.add_refusal(ValidationError("No."))

    assert filled.errors == {"__all__": ["No."]}


def test_refusal_because_a_colleague_saved_first_is_shown_on_top(filled):
    filled.add_refusal(Stale(current=None))

    assert filled.errors["__all__"][0].startswith("Somebody else changed this")
