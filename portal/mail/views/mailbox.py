"""The demo's mailbox: where a newcomer finds the mail that a real portal would have sent them."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal import keyset
from portal.mail.models import Message


def _mailbox():
    """All mail, secret or not, of a portal where nothing is; there is no such page anywhere else."""
    if not settings.DEMO:
        raise Http404
    return Message.objects.all()


@require_safe
@login_not_required
def mailbox(request):
    """Every mail the demo wrote, newest first."""
    page = keyset.page(_mailbox().defer("text", "html"), request, moment="created_at")
    return render(request, "mail/mailbox/list.html", {"page": page})


@require_safe
@login_not_required
def mailbox_message(request, pk):
    """One mail of the demo, links and all."""
    return render(
        request,
        "mail/mailbox/detail.html",
        {"message": get_object_or_404(_mailbox().select_related("attachment"), pk=pk)},
    )
