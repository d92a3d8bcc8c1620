"""The letters of a docket: to directors and officers on its way, to the teams when decisions are announced."""

from __future__ import annotations

from grants.enums import Decision
from grants.models import Docket, DocketLine
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.mail.domain import send
from sites.enums import SeatRole
from sites.models import Seat

_TEMPLATES = {
    Decision.AWARD: "decision_award",
    Decision.WAITLIST: "decision_waitlist",
    Decision.DECLINE: "decision_decline",
}


def tell_directors(docket: Docket, *, sender) -> None:
    """Write to every director who may decide on it."""
    directors = User.objects.filter(is_active=True, role_grants__role=Role.DIRECTOR)
    for person in directors.exclude(pk__in=[docket.prepared_by_id, sender.pk]):
        send("docket_sent", person.email, context={"docket": docket, "round": docket.round, "sender": sender})


def tell_sender(docket: Docket, sender, *, director) -> None:
    """Write to the officer whose docket came back, with the reason."""
    facts = {"docket": docket, "director": director, "reason": docket.return_reason}
    send("docket_returned", sender.email, context=facts)


def recipients(site) -> list[User]:
    """Who gets a site's letters: its leads, or everybody on the team while it has none."""
    seats = list(Seat.objects.current().filter(site=site).select_related("holder"))
    leads = [seat.holder for seat in seats if seat.role == SeatRole.LEAD]
    return leads or [seat.holder for seat in seats]


def send_letter(line: DocketLine) -> None:
    """Send the decision on one line with its feedback; a second call sends nothing more."""
    proposal, site = line.proposal, line.proposal.site
    for person in recipients(site):
        facts = {
            "person": person,
            "proposal": proposal,
            "site": site,
            "round": line.docket.round,
            "amount": line.amount,
            "feedback": line.feedback,
        }
        template = _TEMPLATES[Decision(line.decision)]
        send(template, person.email, context=facts, key=f"decision:{line.pk}:{person.pk}")
