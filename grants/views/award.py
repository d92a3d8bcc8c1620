"""Pages of awards: all of them, and one with its five years."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from grants import rules
from grants.domain.queries import award as queries
from grants.domain.queries.agreement import agreements_of
from grants.domain.queries.award_events import events_of, line_of
from grants.domain.queries.timeline import five_years, history
from grants.enums import AwardState
from grants.forms.award import AwardFilter
from grants.models import Award
from grants.workflow import AWARD
from portal import keyset
from portal.charts import totals_by_component
from portal.money import dollars
from portal.steps import step_view


def _facts(award):
    return [
        ("Award", f"{award.reference}, {dollars(award.amount)} over five years"),
        ("Site", award.site),
        ("Paid to", award.payee_name),
        *queries.at_stake(award),
    ]


award_step = step_view(AWARD, Award, "grants:award-detail", facts=_facts)


@require_safe
def award_list(request):
    """Every award this person may know of, the latest first."""
    found = AwardFilter(request.GET, Award.objects.visible_to(request.user), request=request)
    context = {
        "form": found.form,
        "page": keyset.page(queries.listed(found.qs), request, moment="approved_at"),
        "is_staff": request.user.is_foundation_staff,
    }
    return render(request, "grants/award/list.html", context)


@require_safe
def award_detail(request, reference):
    """One award the way every role reads it: state, next step, five years, and where the money is."""
    awards = Award.objects.visible_to(request.user).select_related(
        "site", "round", "proposal", "docket_line__docket", "recommended_by", "approved_by"
    )
    award = get_object_or_404(awards, reference=reference)
    years = five_years(award, request.user, request.arrived_at)
    bars = [story.bar for story in years]
    money = queries.reconciliation(award)
    held = queries.held_by_site(award)
    agreements = agreements_of(award, request.user)
    events = events_of(award, years, agreements, request.user)
    newest = agreements[0] if agreements else None
    context = {
        "award": award,
        "years": years,
        "bars": bars,
        "components": totals_by_component(bars),
        "money": money,
        "cards": [(story, money.by_year[story.year.number]) for story in years],
        "events": events,
        "line": line_of(award, years, events, request.arrived_at),
        "agreements": agreements,
        "conditions": newest.conditions if newest else award.docket_line.conditions,
        "held": held,
        "held_together": sum(row.amount for row in held),
        "next": queries.next_step(award, years, money.together, request.user, newest),
        "offers": AWARD.offered(award, request.user),
        "may_schedule": award.state == AwardState.ACTIVE and rules.may_prepare_payments(award, request.user),
        "history": history(award, years, agreements),
    }
    return render(request, "grants/award/detail.html", context)
