"""Tags and filters every template may use without loading them: icons, pills, amounts, instants, small drawings."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

from django import template
from django.forms import BaseFormSet, CheckboxInput, Select
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal import charts, drawing, icons, words
from portal.money import dollars
from portal.prose import as_html
from portal.states import look_of

register = template.Library()

CONTROL_CLASSES = {CheckboxInput: "form-check-input", Select: "form-select"}
LONG_LABEL = 60  # characters
UNKNOWN = "—"  # an unknown or undefined figure is never shown as zero


@register.simple_tag
def icon(name: str) -> SafeString:
    """`{% icon "check2" %}`: a decorative icon."""
    return icons.icon(name)


@register.simple_tag
def table_rows(table) -> list[list[tuple[SafeString, object]]]:
    """The cells of a django-tables2 table's page, each with the attributes of its column, which are the same in all rows."""
    columns = [(_attributes(column.attrs["td"]), column.name) for column in table.columns]
    return [[(attributes, row.get_cell(name)) for attributes, name in columns] for row in table.paginated_rows]


def _attributes(found) -> SafeString:
    """` class="num"`, with its space; empty without any."""
    text = found.as_html()
    return format_html(" {}", text) if text else text


@register.simple_tag
@lru_cache(maxsize=1000)
def pill(text: str, tone: str = "plain", icon: str = "", size: str = "") -> SafeString:
    """`{% pill "Complete" "go" icon="check2" %}`; tones: go, wait, bad, info, plain; size="lg" beside a page title."""
    return format_html(
        '<span class="pill pill-{}{}">{}{}</span>',
        tone,
        f" pill-{size}" if size else "",
        icons.icon(icon) if icon else "",
        text,
    )


@register.simple_tag
def state(record, size: str = "") -> SafeString:
    """`{% state proposal %}`: the record's state as a pill, in its own words."""
    look = look_of(record.state)
    return pill(record.get_state_display(), look.tone, look.icon, size)


@register.simple_tag
def component(row, text: str = "") -> SafeString:
    """`{% component row %}`: a core component's mark and name in its hue; `text` says something else than the name."""
    return format_html(
        '<span class="component {}">{}<span>{}</span></span>',
        row.code,
        icons.mark(row.code),
        text or row.name,
    )


@register.simple_tag
def component_mark(code: str) -> SafeString:
    """`{% component_mark "coherence" %}`: the mark alone; say the name nearby."""
    return icons.mark(code)


@register.filter
def money(amount: Decimal | str | None) -> str:
    """`$1,250,000`, with cents only when there are any. A frozen content holds its amounts as text."""
    return UNKNOWN if amount is None else dollars(Decimal(amount))


@register.filter
def number(value: Decimal | int | None, places: int | None = None) -> str:
    """`25,726`; `places` fixes the decimals."""
    if value is None:
        return UNKNOWN
    return f"{value:,}" if places is None else f"{value:,.{places}f}"


@register.filter
def signed(value: Decimal | float | None, places: int = 2) -> str:
    """`+1.31` or, with a true minus sign, `−0.20`."""
    if value is None:
        return UNKNOWN
    text = f"{value:+,.{places}f}"
    return text.replace("-", "−")


@register.filter
def percent(share: Decimal | float | None, places: int = 0) -> str:
    """A share of one as a percentage: 0.275 is `28%`, with one place `27.5%`."""
    return UNKNOWN if share is None else f"{share * 100:.{places}f}%"


@register.filter
def when(moment, zone=None) -> str:
    """`Mon 1 Feb 2027, 5:00 pm Eastern`; with a zone's name, in that zone."""
    return "" if moment is None else words.when_words(moment, zone)


@register.filter
def day(moment) -> str:
    """`1 Feb 2027`."""
    return "" if moment is None else words.day_words(moment)


@register.filter
def prose(text: str) -> SafeString:
    """What somebody wrote, with its paragraphs, lists and tables; stands in an element of class `prose`."""
    return as_html(text)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


@register.simple_tag
def moment(instant, zone=None, local: bool = True, seconds: bool = False) -> SafeString:
    """`{% moment round.closes_at round.time_zone %}`: the instant in words, to which the browser adds local time.

    `local=False` leaves the browser's addition out, as in a history, where it would only be noise. `seconds=True` says
    it to the second.
    """
    if instant is None:
        return SafeString("")
    if not isinstance(instant, datetime):
        return format_html('<time datetime="{}">{}</time>', instant.isoformat(), words.when_words(instant))
    clock = words.zone_named(zone)
    attributes = format_html(' data-local-time="{}"{}', clock, SafeString(" data-seconds") if seconds else "")
    return format_html(
        '<time datetime="{}"{}>{}</time>',
        _stamp(instant),
        attributes if local else "",
        words.exact_words(instant, clock) if seconds else words.when_words(instant, clock),
    )


@register.simple_tag(takes_context=True)
def ago(context, instant: datetime) -> SafeString:
    """`14 seconds ago`, kept up to date in the browser; the full instant is in the title."""
    passed = context["request"].arrived_at - instant
    return format_html(
        '<time datetime="{}" data-ago="{}" title="{}">{} ago</time>',
        _stamp(instant),
        max(0, int(passed.total_seconds())),
        words.when_words(instant),
        words.span_words(passed),
    )


@register.simple_tag(takes_context=True)
def time_left(context, instant: datetime) -> SafeString:
    """`9 days, 4 hours` until the instant, counted from when the request arrived; empty once it has passed.

    A script counts on while the page is open, from the seconds said here, because the reader's clock may be wrong.
    """
    left = instant - context["request"].arrived_at
    seconds = int(left.total_seconds())
    if left.total_seconds() < 0:
        return SafeString("")
    return format_html('<span data-left="{}">{}</span>', seconds, words.span_words(left))


@register.simple_tag(takes_context=True)
def due(context, moment) -> SafeString:
    """`{% due todo.due %}`: a date or instant as a pill that stands out once it has passed."""
    arrived = context["request"].arrived_at
    passed = moment < (arrived if isinstance(moment, datetime) else timezone.localdate(arrived))
    text = f"{'Was due' if passed else 'Due'} {words.day_words(moment)}"
    return pill(text, "bad" if passed else "plain", "exclamation-triangle" if passed else "")


@register.inclusion_tag("components/meter.html")
def meter(value, maximum, label: str, parts=None) -> dict:
    """`{% meter committed envelope "80% of the envelope" %}`; `parts` (portal.charts.Part) split it by component."""
    return {
        "label": label,
        "is_over": bool(maximum) and value > maximum,
        "segments": charts.meter_segments(parts, Decimal(maximum)) if parts else (),
        "width": charts.percentage(min(Decimal(value) / Decimal(maximum), Decimal(1)) if maximum else 0),
    }


@register.inclusion_tag("components/year_bars.html")
def year_bars(bars, title: str) -> dict:
    """`{% year_bars bars "Budget by year" %}`: portal.charts.Bar rows side by side, with legend and table."""
    bars = list(bars)
    return {"title": title, "drawn": charts.drawn_bars(bars), "totals": charts.totals_by_component(bars)}


@register.simple_tag
def control(bound, label: str = "", sum: str = "") -> SafeString:
    """`{% control field label="Year 1, travel" sum="year-1 total" %}`: a field's bare control, for grids and filters.

    `label` names it for screen readers where no label element does; `sum` are the totals it counts towards.
    """
    kind = next(
        (css for widget, css in CONTROL_CLASSES.items() if isinstance(bound.field.widget, widget)), "form-control"
    )
    classes = [kind, bound.field.widget.attrs.get("class", ""), "is-invalid" if bound.errors else ""]
    attrs = {"class": " ".join(filter(None, classes))}
    if label:
        attrs["aria-label"] = label
    if sum:
        attrs["data-sum-group"] = sum
    return bound.as_widget(attrs=attrs)


@register.simple_tag
def question(bound) -> SafeString:
    """`{% question field %}`: a field whose `kind` says how it is drawn, with label, help and errors."""
    return drawing.field(bound)


@register.inclusion_tag("components/cell.html")
def cell(bound, label: str, sum: str = "") -> dict:
    """`{% cell field "Year 1, travel" sum="year-1" %}`: a control in a table cell with its error under it."""
    return {"field": bound, "label": label, "sum": sum}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms) -> dict:
    """`{% error_summary form formset %}`: every error of these forms and formsets, each linked to its field."""
    return {"entries": [entry for form in forms for entry in summary_entries(form)]}


def summary_entries(form) -> list[dict]:
    """`{"target": id or "", "label": str, "text": str}` for each error; hidden fields have nowhere to link to."""
    if isinstance(form, BaseFormSet):
        entries = [{"target": "", "label": "", "text": text} for text in form.non_form_errors()]
        return entries + [entry for each in form.forms for entry in summary_entries(each)]
    entries = [{"target": "", "label": "", "text": text} for text in form.non_field_errors()]
    for bound in form:
        # A group of radio buttons or boxes has no id of its own: its first one is where to go.
        target = "" if bound.is_hidden else bound.id_for_label or f"{bound.auto_id}_0"
        # Questions written by a foundation can be long; their errors speak for themselves.
        label = bound.label.rstrip("?:. ") if len(bound.label) <= LONG_LABEL else ""
        entries += [{"target": target, "label": label, "text": text} for text in bound.errors]
    return entries
