"""Forms of payments: the queue's filter, what the bank did, and several of them at once."""

from datetime import timedelta

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone

from grants.domain.queries.payment import QUEUES, in_queue
from grants.enums import STILL_TO_PAY, PaymentState
from grants.models import Payment
from portal.forms import PortalForm

EVERYTHING = "all"
SOON = timedelta(days=30)


class PaymentFilter(django_filters.FilterSet):
    """The queue: without a choice, everything that is still to be paid.

    `narrowed` are the payments by day and words alone, from which the sums beside the queue are taken.
    """

    show = django_filters.ChoiceFilter(
        label="Show",
        empty_label="Still to be paid",
        choices=[
            *QUEUES.items(),
            (PaymentState.PAID, PaymentState.PAID.label),
            (PaymentState.CANCELLED, PaymentState.CANCELLED.label),
            (PaymentState.VOIDED, PaymentState.VOIDED.label),
            (EVERYTHING, "All payments"),
        ],
        method="by_queue",
    )
    due = django_filters.ChoiceFilter(
        label="Due", empty_label="At any time", choices=[("now", "By today"), ("soon", "In 30 days")], method="by_due"
    )
    q = django_filters.CharFilter(label="Site or reference", method="by_words")

    class Meta:
        model = Payment
        fields = ["show", "due", "q"]

    def filter_queryset(self, queryset):
        narrowing = {name: value for name, value in self.form.cleaned_data.items() if name != "show"}
        self.narrowed = queryset
        for name, value in narrowing.items():
            self.narrowed = self.filters[name].filter(self.narrowed, value)
        show = self.form.cleaned_data.get("show")
        if not show:
            return self.narrowed.filter(state__in=STILL_TO_PAY)
        return self.filters["show"].filter(self.narrowed, show)

    def in_queue(self, key):
        """The payments by day and words that wait for one thing, whatever the queue shows."""
        _ = self.qs  # narrows them down
        return in_queue(self.narrowed, key)

    def by_queue(self, payments, name, value):
        return payments if value == EVERYTHING else in_queue(payments, value)

    def by_due(self, payments, name, value):
        today = timezone.localdate(self.request.arrived_at)
        return payments.filter(due_on__lte=today if value == "now" else today + SOON)

    def by_words(self, payments, name, value):
        words = value.strip()
        return payments.filter(
            Q(award_year__award__site__name__icontains=words)
            | Q(reference__iexact=words)
            | Q(award_year__award__reference__iexact=words)
        )


class RecordPaidForm(PortalForm):
    """What the bank did with a cleared payment."""

    paid_on = forms.DateField(
        label="Day the bank made the payment",
        widget=forms.DateInput,
        error_messages={"required": "Enter the day the bank made the payment."},
    )
    bank_reference = forms.CharField(
        label="Reference at the bank",
        help_text="The number the bank gave this payment, such as a trace or check number.",
        max_length=64,
        error_messages={"required": "Enter the reference the bank gave this payment."},
    )
