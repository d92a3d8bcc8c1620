"""Mail about a docket on its way between officers and directors; applicants read none of it."""

from __future__ import annotations

from grants.models import Docket
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.certain import certain
from portal.mail.domain import send


def tell_directors(docket: Docket, *, sender) -> None:
    """Write to every director who may decide on it."""
    directors = User.objects.filter(is_active=True, role_grants__role=Role.DIRECTOR)
    for person in directors.exclude(pk__in=[docket.prepared_by_id, sender.pk]):
        send("docket_sent", person.email, context={"docket": docket, "round": docket.round, "sender": sender})


def tell_sender(docket: Docket, sender, *, director) -> None:
    """Write to the officer whose docket came back, with the reason."""
    facts = {"docket": docket, "director": director, "reason": docket.return_reason}
    send("docket_returned", sender.email, context=facts)


def tell_of_approval(docket: Docket, *, director) -> None:
    """Write to the officer whose docket was approved, with what the director returned or declined, and why."""
    said = list(docket.lines.exclude(verdict_reason="").select_related("proposal__site"))
    send(
        "docket_approved",
        certain(docket.sent_by).email,
        context={"docket": docket, "director": director, "lines": said},
    )
