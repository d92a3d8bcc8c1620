"""The programme's fixed numbers, which no round, award or amendment may exceed."""

from decimal import Decimal

AWARD_YEARS = 5
YEAR_NUMBERS = range(1, AWARD_YEARS + 1)

# US dollars. A round may set lower ceilings, never higher ones; the database checks both.
YEARLY_CEILING = Decimal("250000.00")
TOTAL_CEILING = Decimal("1250000.00")
