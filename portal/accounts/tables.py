"""The table of people."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from portal.accounts.models import User
from portal.templatetags.portal import pill
from portal.words import day_words

_NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}


class PersonTable(tables.Table):
    """One person a row; what is not theirs is annotated or fetched ahead by `domain.queries.person.for_list`."""

    caption = "People"
    name = tables.Column(verbose_name="Person", order_by=("name", "email"), empty_values=())
    roles = tables.Column(accessor="pk", verbose_name="Roles", orderable=False)
    seats = tables.Column(accessor="seat_count", verbose_name="Seats", attrs=_NUMBER)
    second_step = tables.Column(accessor="has_second_step", verbose_name="Second step")
    last_login = tables.Column(verbose_name="Last sign-in", default="Never")

    class Meta:
        model = User
        fields = ()
        sequence = ("name", "roles", "seats", "second_step", "last_login")
        order_by = "name"
        empty_text = "Nobody fits. Change the search, or show everybody."

    def render_name(self, record):
        closed = "" if record.is_active else pill("Closed", "bad", icon="x-circle")
        address = reverse("accounts:person-detail", args=[record.public_id])
        return format_html(
            '<a class="title" href="{}">{}</a> {}<small>{}</small>', address, record, closed, record.email
        )

    def render_roles(self, record):
        held = [(pill(grant.get_role_display(), "info"),) for grant in record.role_grants.all()]
        return format_html_join(" ", "{}", held)

    def render_second_step(self, value):
        return pill("On", "go", icon="check2") if value else pill("Off")

    def render_last_login(self, value):
        return day_words(value)
