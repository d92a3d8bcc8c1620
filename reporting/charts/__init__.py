"""Charts as geometry: pure functions from figures that are already protected to shapes that a template draws.

One drawing serves the page and the PDF, so it uses presentation attributes only. Nothing here sees a count of students:
every length comes from a percentage as it is printed, so a drawing cannot say more than the text beside it.
"""

from reporting.charts.dumbbell import dumbbell
from reporting.charts.money import five_years, spending
from reporting.charts.spectrum import spectrum

__all__ = ["dumbbell", "five_years", "spectrum", "spending"]
