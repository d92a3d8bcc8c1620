"""A Django project of one view and nothing else, for gunicorn: the least a request can cost."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, SECRET_KEY="only-for-measuring", MIDDLEWARE=[], DATABASES={}
)


def hello(request):
    """One line."""
    return HttpResponse("hello")


urlpatterns = [path("hello", hello)]
application = get_wsgi_application()
