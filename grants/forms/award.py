"""What the list of awards can be narrowed down to."""

import django_filters
from django.db.models import Q

from grants.enums import AwardState
from grants.models import Award


class AwardFilter(django_filters.FilterSet):
    """By site, place or reference, and by state."""

    q = django_filters.CharFilter(label="Site or reference", method="by_words")
    state = django_filters.ChoiceFilter(label="State", choices=AwardState.choices, empty_label="All states")

    class Meta:
        model = Award
        fields = ["q", "state"]

    def by_words(self, awards, name, value):
        words = value.strip()
        return awards.filter(
            Q(site__name__icontains=words) | Q(site__place__icontains=words) | Q(reference__iexact=words)
        )
