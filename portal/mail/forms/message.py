"""What the mail log can be narrowed down to."""

import django_filters
from django import forms

from portal.mail.enums import MessageState
from portal.mail.models import Message


class MessageFilter(django_filters.FilterSet):
    """By state, and by the beginning of the address, which the index answers."""

    state = django_filters.ChoiceFilter(label="State", choices=MessageState, empty_label="All states")
    to = django_filters.CharFilter(
        label="Address begins with",
        method="by_address",
        widget=forms.TextInput(attrs={"inputmode": "email"}),
    )

    class Meta:
        model = Message
        fields = ["state", "to"]

    def by_address(self, messages, name, value):
        return messages.filter(to__startswith=value.strip().lower())
