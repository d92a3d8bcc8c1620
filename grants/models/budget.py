"""The five-year budget of a proposal: lines, sums by year, justifications, and what the partners add."""

from django.db import models
from django.db.models import F, Q

from grants.enums import BudgetCategory, MatchKind
from portal import programme
from portal.money import ZERO, MoneyField


class BudgetLine(models.Model):
    """What one component spends on one category in one award year."""

    proposal = models.ForeignKey("grants.Proposal", models.CASCADE, related_name="budget_lines")
    year = models.PositiveSmallIntegerField()
    component = models.ForeignKey("grant_sites.Component", models.PROTECT, related_name="+")
    category = models.CharField(max_length=16, choices=BudgetCategory)
    amount = MoneyField()

    class Meta:
        ordering = ["component__position", "category", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "year", "component", "category"], name="one_budget_line_per_cell"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1, year__lte=programme.AWARD_YEARS), name="budget_line_in_an_award_year"
            ),
            models.CheckConstraint(
                condition=Q(category__in=BudgetCategory.values), name="budget_line_category_is_known"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=ZERO, amount__lte=programme.YEARLY_CEILING), name="budget_line_within_programme"
            ),
        ]

    def __str__(self):
        return f"Year {self.year}, {self.component}, {self.get_category_display()}"


class BudgetYear(models.Model):
    """The sum of a proposal's lines of one year, kept so that the database itself can refuse one over the ceiling.

    `ceiling` is the round's yearly ceiling, copied when the year is written.
    """

    proposal = models.ForeignKey("grants.Proposal", models.CASCADE, related_name="budget_years")
    year = models.PositiveSmallIntegerField()
    amount = MoneyField()
    ceiling = MoneyField(default=programme.YEARLY_CEILING)

    class Meta:
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "year"], name="one_budget_year_per_year"),
            models.CheckConstraint(
                condition=Q(year__gte=1, year__lte=programme.AWARD_YEARS), name="budget_year_in_an_award_year"
            ),
            models.CheckConstraint(
                condition=Q(ceiling__gt=ZERO, ceiling__lte=programme.YEARLY_CEILING),
                name="budget_year_ceiling_within_programme",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=ZERO, amount__lte=F("ceiling")), name="budget_year_within_ceiling"
            ),
        ]

    def __str__(self):
        return f"{self.proposal}, year {self.year}"


class BudgetNote(models.Model):
    """Why one component needs one category: the justification of a line over its five years."""

    proposal = models.ForeignKey("grants.Proposal", models.CASCADE, related_name="budget_notes")
    component = models.ForeignKey("grant_sites.Component", models.PROTECT, related_name="+")
    category = models.CharField(max_length=16, choices=BudgetCategory)
    text = models.TextField()

    class Meta:
        ordering = ["component__position", "category"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "component", "category"], name="one_budget_note_per_line"),
            models.CheckConstraint(
                condition=Q(category__in=BudgetCategory.values), name="budget_note_category_is_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="budget_note_says_something"),
        ]

    def __str__(self):
        return f"{self.component}, {self.get_category_display()}"


class MatchLine(models.Model):
    """What a partner gives besides the grant in one award year. It counts towards no ceiling."""

    proposal = models.ForeignKey("grants.Proposal", models.CASCADE, related_name="match_lines")
    # Rows of the sheet: the lines of one row share its position.
    position = models.PositiveSmallIntegerField()
    partner = models.CharField("who gives it", max_length=160)
    kind = models.CharField(max_length=8, choices=MatchKind)
    what = models.CharField("what it is", max_length=200)
    year = models.PositiveSmallIntegerField()
    amount = MoneyField()

    class Meta:
        ordering = ["position", "year"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "position", "year"], name="one_match_line_per_row_and_year"),
            models.CheckConstraint(
                condition=Q(year__gte=1, year__lte=programme.AWARD_YEARS), name="match_line_in_an_award_year"
            ),
            models.CheckConstraint(condition=Q(kind__in=MatchKind.values), name="match_line_kind_is_known"),
            models.CheckConstraint(condition=Q(amount__gt=ZERO), name="match_line_above_zero"),
        ]

    def __str__(self):
        return f"{self.partner}: {self.what}, year {self.year}"
