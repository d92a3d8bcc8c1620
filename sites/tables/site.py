"""The table of all sites."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from portal.templatetags.portal import number
from sites.models import Site

_NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}


class SiteTable(tables.Table):
    """One site a row; the counts are annotated by `domain.queries.site.for_list`."""

    caption = "All sites"
    name = tables.Column(verbose_name="Site")
    where = tables.Column(verbose_name="Place", order_by=("state", "place"))
    schools = tables.Column(accessor="school_count", verbose_name="Schools", attrs=_NUMBER)
    students = tables.Column(verbose_name="Students", attrs=_NUMBER, default="—")
    fiscal_agent = tables.Column(verbose_name="Fiscal agent", default="Not chosen yet")
    lead = tables.Column(accessor="lead_name", verbose_name="Lead", default="No lead")

    class Meta:
        model = Site
        fields = ()
        sequence = ("name", "where", "schools", "students", "fiscal_agent", "lead")
        order_by = "name"
        empty_text = "No site fits. Change the search, or show all sites."

    def render_name(self, record):
        address = reverse("sites:coalition-detail", args=[record.reference])
        return format_html('<a class="title" href="{}">{}</a><small>{}</small>', address, record.name, record.reference)

    def render_students(self, value):
        return number(value)
