"""Money: exact US dollars. `Decimal` in Python, whole cents in the database, so both databases add exactly."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Sum, Value
from django.db.models.functions import Coalesce

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
LARGEST = Decimal("9999999999.99")
_TYPED = re.compile(r"\$?\s*(\d{1,3}(,\d{3})+|\d+)(\.\d{1,2})?|\$?\s*\.\d{1,2}")


def dollars(amount: Decimal) -> str:
    """`$1,250,000`, or `$1,250,000.50` when there are cents; a minus sign stands before the dollar sign."""
    sign = "-" if amount < 0 else ""
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{sign}${abs(amount):,.{places}f}"


def parse_dollars(text: str) -> Decimal:
    """The amount somebody typed: `250000`, `$250,000`, `250,000.50`. Raises ValidationError with what to type."""
    typed = text.strip()
    if not _TYPED.fullmatch(typed):
        raise ValidationError("Enter an amount in dollars, such as 250,000 or 250000.00.", code="invalid")
    amount = Decimal(typed.lstrip("$").strip().replace(",", "")).quantize(CENT)
    if amount > LARGEST:
        raise ValidationError("That amount is too large to be right.", code="max_value")
    return amount


class MoneyFormField(forms.CharField):
    """A text box for dollars: accepts what people type, hands out a `Decimal` with two places or None."""

    default_validators = [MinValueValidator(ZERO, "The amount cannot be negative.")]

    def __init__(self, *, max_digits=None, decimal_places=None, **kwargs):
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "num"})
        )
        super().__init__(**kwargs)

    def to_python(self, value):
        if isinstance(value, Decimal) or value in self.empty_values:
            return value if isinstance(value, Decimal) else None
        return parse_dollars(str(value))

    def prepare_value(self, value):
        return f"{value:,.2f}".removesuffix(".00") if isinstance(value, Decimal) else value

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class MoneyField(models.Field):
    """Exact dollars: a `Decimal` with two places in Python, a big integer of cents in the column."""

    description = "An exact amount of US dollars"

    def get_internal_type(self):
        return "BigIntegerField"

    def from_db_value(self, value, expression, connection):
        return None if value is None else (Decimal(value) / 100).quantize(CENT)

    def to_python(self, value):
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, float):
            raise ValidationError("Money is never a float.", code="float")
        try:
            return Decimal(value)
        except InvalidOperation as error:
            raise ValidationError("Enter an amount in dollars.", code="invalid") from error

    def get_prep_value(self, value):
        amount = self.to_python(super().get_prep_value(value))
        if amount is None:
            return None
        cents = amount * 100
        if cents != cents.to_integral_value():
            raise ValidationError("Money has two decimal places at most.", code="places")
        return int(cents)

    def value_to_string(self, obj):
        value = self.value_from_object(obj)
        return None if value is None else str(value)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": MoneyFormField, **kwargs})


def total(path: str, **filters) -> Coalesce:
    """A SQL sum of the money at `path`, zero where there are no rows. `filters` go to `Sum`."""
    return Coalesce(
        Sum(path, output_field=MoneyField(), **filters),
        Value(ZERO, output_field=MoneyField()),
    )
