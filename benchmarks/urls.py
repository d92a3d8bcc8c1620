"""The portal's routes and a view of one line, served through the same middleware."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import include, path


@login_not_required
def hello(request):
    """What everything else is compared with."""
    return HttpResponse("hello")


urlpatterns = [path("hello", hello), path("", include("portal.urls"))]
