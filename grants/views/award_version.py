"""The page of an award's versions, and what is different between two of them."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from grants.domain.queries import award_version as queries
from grants.forms.award_version import CompareForm
from grants.models import Award


@require_safe
def award_versions(request, reference):
    """Every version of an award, the newest first; `?first=1&second=3` compares any two."""
    award = get_object_or_404(Award.objects.visible_to(request.user).select_related("site"), reference=reference)
    stories = queries.versions_of(award)
    numbers = sorted(story.version.number for story in stories)
    form = CompareForm(request.GET or None, numbers=numbers)
    compared = None
    if form.is_valid():
        compared = queries.between(award, form.cleaned_data["first"], form.cleaned_data["second"])
    context = {
        "award": award,
        "stories": stories,
        "form": form,
        "compared": compared,
        "crumbs": [(str(award), reverse("grants:award-detail", args=[award.reference]))],
    }
    return render(request, "grants/award_version/list.html", context)
