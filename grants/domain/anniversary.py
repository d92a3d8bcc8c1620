"""The same day some years or months later."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def years_later(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 1 March in a year without one."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def months_later(day: date, months: int) -> date:
    """The same day some months later, the last of a month that has no such day.

    The last day of a month stays the last one: a year that ends on 28 February ends on 29 February of the next leap
    year, as years counted from 1 March do.
    """
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    last = monthrange(year, month + 1)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if is_last else min(day.day, last))
