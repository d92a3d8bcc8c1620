"""The mail log: what the portal wrote to whom, and what became of it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal import keyset
from portal.access import Refused, demand
from portal.mail import domain
from portal.mail.forms.message import MessageFilter
from portal.mail.models import Message
from portal.mail.rules import may_read_mail, may_send_again


@require_safe
def message_list(request):
    """Every message, newest first."""
    demand(may_read_mail(None, request.user))
    found = MessageFilter(request.GET, Message.objects.visible_to(request.user).defer("text", "html"))
    page = keyset.page(found.qs, request, moment="created_at")
    return render(request, "mail/message/list.html", {"form": found.form, "page": page})


@require_safe
def message_detail(request, pk):
    """One message; of a secret one the envelope only."""
    demand(may_read_mail(None, request.user))
    rows = Message.objects.visible_to(request.user).select_related("attachment")
    message = get_object_or_404(rows, pk=pk)
    again = may_send_again(message, request.user)
    return render(request, "mail/message/detail.html", {"message": message, "again": again})


@require_POST
def message_send_again(request, pk):
    """Put a message that failed back into the outbox."""
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    try:
        domain.send_again(message, actor=request.user, at=request.arrived_at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The message is in the outbox again.")
    return redirect(message)
