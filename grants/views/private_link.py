"""What the pages of private links share, of sign-offs and of agreements: answering, and links that cannot be used."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.shortcuts import render

from grants.domain.private_link import is_expired
from grants.enums import SignOffState
from portal.access import Refused

_ANSWERED = (SignOffState.SIGNED, SignOffState.DECLINED)


def closed(request, asked, reason, *, ask, title, about, site, asker):
    """Why the link is closed and, of one that expired, a button that asks for another with `ask(asked, at=…)`.

    `about` names what was to be signed, `asker` who is asked for a new link.
    """
    wanted = request.method == "POST" and request.POST.get("answer") == "link"
    if wanted:
        try:
            ask(asked, at=request.arrived_at)
        except Refused:
            wanted = False
    answered = asked.state in _ANSWERED
    context = {
        "asked": asked,
        "reason": reason,
        "title": "Thank you" if answered else title,
        "expired": is_expired(asked, request.arrived_at) and reason.startswith("This link worked"),
        "wanted": wanted,
        "about": about,
        "site": site,
        "asker": asker,
    }
    return render(request, "grants/signoff/closed.html", context, status=200 if answered or wanted else 410)


@dataclass(frozen=True)
class Answer:
    """What became of a visit to a private link: `done`, or the forms for the page, and its status."""

    done: bool
    status: int
    context: dict[str, Any]


def answered(request, asked, domain, sign_form, decline_form) -> Answer:
    """Sign or decline, when that was posted. `domain` is the module with `sign` and `decline` of this kind of request."""
    declining = request.POST.get("answer") == "decline"
    form = (decline_form if declining else sign_form)(request.POST or None)
    status = 200
    if form.is_valid():
        facts = form.cleaned_data
        name, at = facts["signed_name"], request.arrived_at
        try:
            if declining:
                domain.decline(asked, name=name, reason=facts["decline_reason"], at=at)
            else:
                domain.sign(
                    asked, name=name, title=facts["signed_title"], content_sha256=facts["content_sha256"], at=at
                )
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
            status = 409 if isinstance(error, Refused) else 422
        else:
            return Answer(done=True, status=302, context={})
    elif form.errors:
        status = 422
    context = {
        "form": form,
        "sign_form": sign_form() if declining else form,
        "decline_form": form if declining else decline_form(),
        "declining": declining,
    }
    return Answer(done=False, status=status, context=context)
