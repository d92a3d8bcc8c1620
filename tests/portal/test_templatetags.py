"""The tags and filters every template may use."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django import forms
from django.template import engines

from portal.charts import Bar, Part
from portal.forms import PortalForm
from portal.money import MoneyFormField

CLOSES = datetime(2027, 2, 1, 22, 0, tzinfo=UTC)


def _render(source, **context):
    context.setdefault("request", SimpleNamespace(arrived_at=CLOSES - timedelta(days=9, hours=4)))
    return engines["django"].from_string(source).render(context).strip()


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ x|money }}", "$1,250,000"),
        ("{{ x|number }}", "1,250,000"),
        ("{{ x|number:2 }}", "1,250,000.00"),
        ("{{ share|percent }}", "28%"),
        ("{{ share|percent:1 }}", "27.5%"),
        ("{{ z|signed }}", "+1.31"),
        ("{{ below|signed }}", "−0.20"),
        ("{{ nothing|money }}{{ nothing|number }}{{ nothing|percent }}{{ nothing|signed }}", "————"),
        ("{{ closes|when:'America/Chicago' }}", "Mon 1 Feb 2027, 4:00 pm Central"),
        ("{{ closes|day }}", "1 Feb 2027"),
        ("{{ nothing|when }}{{ nothing|day }}", ""),
    ],
)
def test_filter_says_the_value_in_words(source, text):
    values = {"x": Decimal("1250000"), "share": Decimal("0.275"), "z": 1.31, "below": Decimal("-0.2"), "nothing": None}

    assert _render(source, closes=CLOSES, **values) == text


def test_money_with_cents_shows_them():
    assert _render("{{ x|money }}", x=Decimal("250.50")) == "$250.50"


def test_pill_escapes_its_text():
    assert _render("{% pill text 'go' %}", text="<b>") == '<span class="pill pill-go">&lt;b&gt;</span>'


def test_pill_beside_a_title_is_larger():
    assert _render("{% pill 'Draft' size='lg' %}") == '<span class="pill pill-plain pill-lg">Draft</span>'


def test_state_shows_the_records_own_words_in_its_tone():
    record = SimpleNamespace(state="returned", get_state_display=lambda: "Returned for changes")

    shown = _render("{% state record %}", record=record)

    assert 'class="pill pill-wait"' in shown
    assert shown.endswith("Returned for changes</span>")


def test_component_shows_mark_and_name():
    row = SimpleNamespace(code="coherence", name="District and School Capacity and Coherence")

    assert 'class="component-mark coherence"' in _render("{% component row %}", row=row)
    assert "<span>District and School Capacity and Coherence</span>" in _render("{% component row %}", row=row)
    assert "<span>Coherence</span>" in _render("{% component row 'Coherence' %}", row=row)


def test_moment_carries_the_instant_for_machines_and_the_zone_for_the_script():
    shown = _render("{% moment closes 'America/Chicago' %}", closes=CLOSES)

    assert shown == (
        '<time datetime="2027-02-01T22:00:00Z" data-local-time="America/Chicago">Mon 1 Feb 2027, 4:00 pm Central</time>'
    )


def test_moment_in_a_history_leaves_the_readers_clock_alone():
    assert _render("{% moment closes local=False %}", closes=CLOSES) == (
        '<time datetime="2027-02-01T22:00:00Z">Mon 1 Feb 2027, 5:00 pm Eastern</time>'
    )


def test_moment_of_a_day_or_of_nothing_needs_no_script():
    assert _render("{% moment day %}", day=date(2027, 2, 1)) == '<time datetime="2027-02-01">Mon 1 Feb 2027</time>'
    assert _render("{% moment day %}", day=None) == ""


def test_ago_counts_from_the_arrival_of_the_request():
    request = SimpleNamespace(arrived_at=CLOSES + timedelta(seconds=14))

    shown = _render("{% ago closes %}", closes=CLOSES, request=request)

    assert 'data-ago="14"' in shown
    assert shown.endswith(">14 seconds ago</time>")


def test_time_left_is_empty_once_the_instant_has_passed():
    late = SimpleNamespace(arrived_at=CLOSES + timedelta(microseconds=1))

    assert _render("{% time_left closes %}", closes=CLOSES) == '<span data-left="792000">9 days, 4 hours</span>'
    assert _render("{% time_left closes %}", closes=CLOSES, request=late) == ""


@pytest.mark.parametrize(
    ("moment", "tone", "words"),
    [
        (CLOSES, "plain", "Due 1 Feb 2027"),
        (CLOSES - timedelta(days=10), "bad", "Was due 22 Jan 2027"),
        (date(2027, 1, 23), "plain", "Due 23 Jan 2027"),
        (date(2027, 1, 22), "bad", "Was due 22 Jan 2027"),
    ],
)
def test_due_stands_out_once_it_has_passed(moment, tone, words):
    shown = _render("{% due moment %}", moment=moment)

    assert f"pill-{tone}" in shown
    assert shown.endswith(f"{words}</span>")


def test_meter_has_its_length_as_an_attribute_and_a_label():
    assert _render("{% meter 1 4 'a quarter' %}") == (
        '<svg class="meter" role="img" aria-label="a quarter">'
        '<rect class="meter-fill" width="25%" height="100%"/></svg>'
    )


@pytest.mark.parametrize(("value", "maximum", "width"), [(5, 4, "100%"), (1, 0, "0%")])
def test_meter_stays_within_its_track(value, maximum, width):
    assert f'width="{width}"' in _render("{% meter value maximum '' %}", value=value, maximum=maximum)


def test_year_bars_over_the_ceiling_say_by_how_much():
    bar = Bar("Year 3", (Part("coherence", "Coherence", Decimal(262_500)),), Decimal(250_000))

    shown = _render("{% year_bars bars 'Budget by year' %}", bars=[bar])

    assert 'aria-label="Year 3: Coherence $262,500, together $262,500, $12,500 over the ceiling of $250,000."' in shown
    assert '<th scope="row">Year 3</th>' in shown


class TravelForm(PortalForm):
    travel = MoneyFormField(label="What will travel cost?")
    kind = forms.ChoiceField(choices=[("", "Choose"), ("a", "A")])
    channels = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)


def test_error_summary_links_every_error_to_its_field():
    form = TravelForm({"travel": "abc"})
    form.add_error(None, "The year is over its ceiling.")

    shown = _render("{% error_summary form %}", form=form)

    assert "4 things need your attention" in shown
    assert "<li>The year is over its ceiling.</li>" in shown
    assert '<a href="#id_travel">What will travel cost: Enter an amount in dollars' in shown
    assert '<a href="#id_channels_0">Channels: Choose at least one.</a>' in shown


def test_error_summary_of_a_form_set_covers_its_forms():
    rows = forms.formset_factory(TravelForm, max_num=1, validate_max=True)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-travel": "x", "form-1-travel": "y"}

    shown = _render("{% error_summary rows %}", rows=rows(data))

    assert "<li>Please submit at most 1 form.</li>" in shown
    assert '<a href="#id_form-0-travel">' in shown


def test_error_summary_without_errors_shows_nothing():
    assert _render("{% error_summary form %}", form=TravelForm()) == ""


def test_control_in_a_grid_is_named_and_counted():
    shown = _render("{% control form.travel label='Travel, year 1' sum='year-1 total' %}", form=TravelForm())

    assert 'class="form-control num"' in shown
    assert 'aria-label="Travel, year 1"' in shown
    assert 'data-sum-group="year-1 total"' in shown


def test_control_for_a_choice_is_a_select():
    assert 'class="form-select"' in _render("{% control form.kind %}", form=TravelForm())


def test_cell_shows_its_error_under_the_control():
    shown = _render("{% cell form.travel 'Travel, year 1' %}", form=TravelForm({"travel": "abc", "kind": "a"}))

    assert 'aria-invalid="true"' in shown
    assert 'value="abc"' in shown
    assert '<div class="field-error" id="id_travel_error">' in shown
