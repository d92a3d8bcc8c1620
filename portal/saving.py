"""What pages that save themselves have in common: which saves are their own, and what a save tells the browser."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Read and removed by static/js/kept.js. It holds the random word of a page, nothing about a person.
COOKIE = "saved"


def by_itself(request: HttpRequest) -> bool:
    """Whether the page sent this by itself, while somebody types, and not because a button was pressed."""
    return request.headers.get("HX-Request") == "true"


def tell_saved(response: HttpResponse, editor: str) -> HttpResponse:
    """Let the browser drop what it kept of the page with this random word: the server has it now."""
    if editor.isalnum():
        response.set_cookie(COOKIE, editor, max_age=600, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
    return response
