"""What every form of the portal has in common: its layout, gentle widgets, word limits, versions, refusals."""

from __future__ import annotations

from typing import TypeVar

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from portal.access import Refused
from portal.record import Stale
from portal.words import count_words

Kind = TypeVar("Kind", bound=forms.Field)


class PortalFormHelper(FormHelper):
    """Crispy's helper with the page owning the `<form>` tag, the token and the buttons."""

    form_tag = False
    form_action = ""  # crispy's own property looks the empty name up among the routes, for every form
    disable_csrf = True
    include_media = False


def typed(request) -> QueryDict | None:
    """What a form is bound to: everything that was sent, even when nothing was filled in, and None before that."""
    return request.POST if request.method == "POST" else None


class WordsField(forms.CharField):
    """A long answer with a word limit, counted while typing and never cut.

    A draft may be over (`enforced=False`): saving keeps it, and the rules that guard submission refuse it.
    """

    widget = forms.Textarea

    def __init__(self, *, word_limit: int, enforced: bool = True, rows: int = 8, **kwargs):
        self.word_limit = word_limit
        self.enforced = enforced
        self.rows = rows
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | {"rows": self.rows, "data-word-limit": self.word_limit}

    def validate(self, value):
        super().validate(value)
        words = count_words(value)
        if self.enforced and words > self.word_limit:
            raise ValidationError(
                f"This is {words:,} words long. Shorten it to {self.word_limit:,} words or fewer.", code="too_long"
            )


class CountField(forms.IntegerField):
    """A whole number, none below zero, that may be typed with thousands separators: `14,066`."""

    default_error_messages = {"invalid": "Enter a whole number, such as 120."}

    def __init__(self, *, min_value=0, **kwargs):
        super().__init__(min_value=min_value, **kwargs)

    def to_python(self, value):
        return super().to_python(value.replace(",", "").strip() if isinstance(value, str) else value)


class LongSelect(forms.Select):
    """A select of many plain options, written out in one go: Django's own asks a template for each of them."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = set(self.format_value(value))
        options = format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            ((key, mark_safe(" selected") if str(key) in chosen else "", label) for key, label in self.choices),
        )
        given = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return format_html("<select{}>{}</select>", flatatt(given), options)


# What stands beside an empty field instead of "This field is required."
EMPTY = {
    forms.BooleanField: "Tick this box to go on.",
    forms.FileField: "Choose a file.",
    forms.MultipleChoiceField: "Choose at least one.",
    forms.ChoiceField: "Choose an answer.",
    forms.ModelChoiceField: "Choose an answer.",
    forms.Field: "Fill this in.",
}


def _say_empty(field: forms.Field) -> None:
    """Say in plain words that a field is empty, unless the form has words of its own for it."""
    if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
        field.error_messages["required"] = next(text for kind, text in EMPTY.items() if isinstance(field, kind))


def _ease(field: forms.Field) -> None:
    """Give a field a control that keeps whatever was typed and suits a phone's keyboard."""
    widget = field.widget
    if type(widget) is forms.NumberInput:
        # A number box comes back empty after "12a"; a text box gives the typed value back.
        whole = isinstance(field, forms.IntegerField)
        field.widget = forms.TextInput(
            {"inputmode": "numeric" if whole else "decimal", "autocomplete": "off", "class": "num"}
        )
        field.widget.is_required = field.required
    elif type(widget) is forms.DateInput:
        field.widget = forms.DateInput({**widget.attrs, "type": "date"}, format="%Y-%m-%d")
        field.widget.is_required = field.required
    elif type(widget) is forms.DateTimeInput:
        field.widget = forms.DateTimeInput({**widget.attrs, "type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        field.widget.is_required = field.required
    elif type(widget) is forms.ClearableFileInput:
        # The page lists the files there are, behind an authorised view; the box only takes a new one.
        field.widget = forms.FileInput(widget.attrs)
        field.widget.is_required = field.required


class PortalFormMixin(forms.BaseForm):
    """For `Form` and `ModelForm`: the helper, easier controls, a version to notice a colleague's save, refusals.

    `version` is the record's version the form is made from; it travels in a hidden field and comes back as
    `cleaned_data["version"]`, for `portal.record.lock(record, version=...)`.
    """

    use_required_attribute = False

    def __init__(self, *args, version: int | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _ease(field)
            _say_empty(field)
        if version is not None:
            self.fields["version"] = forms.IntegerField(
                min_value=0,
                initial=version,
                widget=forms.HiddenInput,
                error_messages={"required": "This form is incomplete. Open the page again and try once more."},
            )

    @property
    def helper(self) -> PortalFormHelper:
        return PortalFormHelper(self)

    def field_as(self, name: str, kind: type[Kind]) -> Kind:
        """The field of that name as what it is, to give it choices of its own. Raises TypeError for another kind."""
        field = self.fields[name]
        if not isinstance(field, kind):
            raise TypeError(f"{name} is a {type(field).__name__}.")
        return field

    def add_refusal(self, error: Refused | Stale | ValidationError) -> None:
        """Show what the domain said, beside the field it names when this form has that field, else on top."""
        if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                self.add_error(name if name in self.fields else None, errors)
        elif isinstance(error, ValidationError):
            self.add_error(None, error)
        else:
            for reason in error.reasons if isinstance(error, Refused) else [str(error)]:
                self.add_error(None, reason)


class PortalForm(PortalFormMixin, forms.Form):
    """A plain form of the portal."""


class PortalModelForm(PortalFormMixin, forms.ModelForm):
    """A form made from a model; it validates and shows, the domain saves."""
