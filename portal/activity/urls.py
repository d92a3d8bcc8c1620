"""Routes of the activity log."""

from django.urls import path

from portal.activity.views import entry

app_name = "activity"
urlpatterns = [path("", entry.entry_list, name="entry-list")]
