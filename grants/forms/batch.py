"""Forms of batches: which payments go to the bank, and what the bank did with them."""

from django import forms

from grants.models import Payment
from portal.forms import PortalForm


class ChosenPaymentsForm(PortalForm):
    """Which of the payments on the page are meant, by their references."""

    payments = forms.MultipleChoiceField(error_messages={"required": "Choose at least one payment."})

    def __init__(self, *args, payments, **kwargs):
        super().__init__(*args, **kwargs)
        self.field_as("payments", forms.MultipleChoiceField).choices = [
            (each.reference, each.reference) for each in payments
        ]


class BatchPaidForm(PortalForm):
    """The day the bank made the payments of a batch, and its reference: one for all, or one a payment."""

    paid_on = forms.DateField(
        label="Day the bank made the payments",
        widget=forms.DateInput,
        error_messages={"required": "Enter the day the bank made the payments."},
    )
    bank_reference = forms.CharField(
        label="Reference at the bank for all of them",
        help_text="Such as the number of the batch at the bank. A reference beside a payment goes before this one.",
        max_length=64,
        required=False,
    )

    def __init__(self, *args, payments: list[Payment], **kwargs):
        super().__init__(*args, **kwargs)
        self.payments = payments
        for each in payments:
            self.fields[f"made_{each.reference}"] = forms.BooleanField(
                label=f"{each.reference} was made", required=False, initial=True
            )
            self.fields[f"ref_{each.reference}"] = forms.CharField(
                label=f"Reference of {each.reference}",
                max_length=64,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )

    def rows(self):
        """Each payment with its two fields."""
        return [(each, self[f"made_{each.reference}"], self[f"ref_{each.reference}"]) for each in self.payments]

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        chosen = [each.reference for each in self.payments if cleaned.get(f"made_{each.reference}")]
        shared = (cleaned.get("bank_reference") or "").strip()
        cleaned["references"] = {each: (cleaned.get(f"ref_{each}") or "").strip() or shared for each in chosen}
        if not chosen:
            self.add_error(None, "Tick at least one payment that the bank made.")
        missing = [each for each, reference in cleaned["references"].items() if not reference]
        if missing and len(missing) == len(chosen):
            self.add_error("bank_reference", "Enter the bank’s reference here, or one beside each payment.")
        else:
            for each in missing:
                self.add_error(f"ref_{each}", f"Enter the reference the bank gave {each}, or one for all of them.")
        return cleaned
