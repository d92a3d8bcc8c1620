"""The programme's fixed numbers, which no round, award or amendment may exceed."""

from decimal import Decimal

AWARD_YEARS = 5
YEAR_NUMBERS = range(1, AWARD_YEARS + 1)

# US dollars. A round may set lower ceilings, never higher ones; the database checks both.
YEARLY_CEILING = Decimal("250000.00")
TOTAL_CEILING = Decimal("1250000.00")

# What a site may move between the components of one award year without asking first, added up over the year: this share
# of the year's amount or this many dollars, whichever is less. The share is the federal one for transfers among direct
# cost categories, 2 CFR 200.308(f): more than ten percent of the budget last approved needs prior approval. The dollars
# are the program's own, so that the share of a full year, $25,000, still comes to a person.
FREE_MOVE_SHARE = Decimal("0.10")
FREE_MOVE_DOLLARS = Decimal("10000.00")

# The longest extension without cost at a time, as in 2 CFR 200.308(e)(2); it is asked for before the present end.
EXTENSION_MONTHS = 12

# How long the papers of an award are kept after its end. 2 CFR 200.334 asks three years of federal money, and the tax
# authority may go back six, 26 U.S.C. 6501(e), from a return that is filed in the year after: seven covers both.
RETENTION_YEARS = 7
