"""Routes of the mail log, and of the demo's mailbox."""

from django.urls import path

from portal.mail.views import mailbox, message

app_name = "mail"
urlpatterns = [
    path("", message.message_list, name="message-list"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<uuid:pk>/", mailbox.mailbox_message, name="mailbox-message"),
    path("<uuid:pk>/", message.message_detail, name="message-detail"),
    path("<uuid:pk>/send-again/", message.message_send_again, name="message-send-again"),
]
