"""Which two versions of an award are compared."""

from django import forms

from portal.forms import PortalForm


class CompareForm(PortalForm):
    """Two version numbers."""

    first = forms.TypedChoiceField(label="Version", coerce=int)
    second = forms.TypedChoiceField(label="compared with version", coerce=int)

    def __init__(self, *args, numbers: list[int], **kwargs):
        super().__init__(*args, **kwargs)
        for name, chosen in (("first", numbers[:1]), ("second", numbers[-1:])):
            field = self.field_as(name, forms.TypedChoiceField)
            field.choices = [(number, str(number)) for number in numbers]
            field.initial = chosen[0] if chosen else None
