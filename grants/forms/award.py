"""What the list of awards can be narrowed down to."""

import django_filters
from django.db.models import Q

from grants.enums import AwardState
from grants.models import Award, FundingRound
from portal.forms import LongSelect
from sites.models import Site


def _rounds(request):
    """Rounds with awards, which are no secret to those who see all awards; nobody else is offered the choice."""
    return FundingRound.objects.filter(awards__in=Award.objects.visible_to(request.user)).distinct()


def _sites(request):
    return Site.objects.filter(awards__in=Award.objects.visible_to(request.user)).distinct()


class AwardFilter(django_filters.FilterSet):
    """By site, place or reference, by state, and by round."""

    q = django_filters.CharFilter(label="Site or reference", method="by_words")
    state = django_filters.ChoiceFilter(label="State", choices=AwardState.choices, empty_label="All states")
    round = django_filters.ModelChoiceFilter(
        label="Round", queryset=_rounds, to_field_name="reference", empty_label="All rounds", widget=LongSelect
    )
    site = django_filters.ModelChoiceFilter(
        label="Site", queryset=_sites, to_field_name="reference", empty_label="All sites", widget=LongSelect
    )

    class Meta:
        model = Award
        fields = ["q", "state", "round", "site"]

    def by_words(self, awards, name, value):
        words = value.strip()
        return awards.filter(
            Q(site__name__icontains=words) | Q(site__place__icontains=words) | Q(reference__iexact=words)
        )
