"""What somebody sent and the portal could not take: given back in the answer to them, and kept nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

# What forms carry for themselves: never sent again, or sent again without being read.
_BOOKKEEPING = frozenset({"csrfmiddlewaretoken", "next"})
_UNREAD = frozenset({"editor", "version", "turn", "then", "kept", "key"})
_SECRET = ("password", "secret", "code", "token")
# Around signing in nothing is ever given back.
_NOT_FROM = "/accounts/"
SHORT = 30  # characters
MOST_ROWS = 14


@dataclass(frozen=True)
class Posted:
    """One value that was sent; `label` is empty for what is not worth reading again, like a box that was ticked."""

    name: str
    value: str
    label: str
    rows: int


def posted(request: HttpRequest) -> list[Posted]:
    """What was sent, in order, without secrets; files are not among it. Empty for anything but a POST."""
    if request.method != "POST" or request.path.startswith(_NOT_FROM):
        return []
    return [
        _posted(name, value)
        for name, values in request.POST.lists()
        if name not in _BOOKKEEPING and not any(word in name.lower() for word in _SECRET)
        for value in values
    ]


def from_ourselves(request: HttpRequest) -> bool:
    """Whether a page of this portal sent it, as the browser says. Without its word: no."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin == f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def _posted(name: str, value: str) -> Posted:
    told = name not in _UNREAD and (len(value) > SHORT or " " in value.strip())
    label = name.replace("-", " ").replace("_", " ").strip().capitalize() if told else ""
    return Posted(name, value, label, rows=max(2, min(MOST_ROWS, len(value) // 80 + value.count("\n") + 1)))
