"""Middleware of the kernel: when a request arrived, who is signed out, what may be cached, what a busy database answers."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import render

from portal import arrival, clock
from portal.posted import posted
from portal.saving import by_itself


class ArrivalMiddleware:
    """Stamps the instant the request reached us, before any queueing for threads or locks: the truth for deadlines."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.arrived_at = arrival.reached() or clock.now()
        return self.get_response(request)


class SignedInMiddleware(LoginRequiredMiddleware):
    """Sends visitors to sign in, without losing what they typed before their session ended.

    What a form sent comes back in the answer, to copy and to send again; a page that saves itself is told in a word.
    """

    def handle_no_permission(self, request, view_func):
        if by_itself(request):
            return HttpResponse("You are signed out.", status=401, content_type="text/plain")
        texts = posted(request)
        if texts:
            return render(request, "401.html", {"posted": texts, "files": bool(request.FILES)}, status=401)
        return super().handle_no_permission(request, view_func)


class IsolationHeadersMiddleware:
    """Keeps other origins from loading what we serve."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class NoStoreMiddleware:
    """Keeps the pages of signed-in people out of every cache, the browser's included."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class BusyDatabaseMiddleware:
    """A database that stays locked past its timeout is busy, not broken: answer 503 and give the form back."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, OperationalError):
            return render(request, "503.html", {"posted": list(request.POST.lists())}, status=503)
        return None
