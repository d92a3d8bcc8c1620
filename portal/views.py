"""Pages of the portal itself: home, help, health, and what a failed form check answers."""

import os

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from portal.posted import from_ourselves, posted
from portal.saving import by_itself
from portal.todo import todos_for


@require_safe
@login_not_required
def home(request):
    """A person's to-do list; visitors go to the open calls."""
    if not request.user.is_authenticated:
        return redirect("grants:call-list")
    todos = todos_for(request.user, request.arrived_at)
    context = {
        "todos": [(todo, todo.is_overdue(request.arrived_at)) for todo in todos],
        "is_new": not request.user.roles and not request.user.has_seats,
    }
    return render(request, "portal/home.html", context)


@require_safe
@login_not_required
def help_page(request):
    """How things work, for everybody."""
    return render(request, "portal/help.html")


@require_safe
@login_not_required
def accessibility(request):
    """The accessibility statement."""
    return render(request, "portal/accessibility.html")


@require_safe
@login_not_required
def privacy(request):
    """The privacy statement."""
    return render(request, "portal/privacy.html")


@require_safe
@login_not_required
def livez(request):
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@login_not_required
def readyz(request):
    """Whether database, migrations, cache and storage are there; 503 with the names of those that are not."""
    missing = [name for name, works in _PARTS.items() if not works()]
    return JsonResponse({"ready": not missing, "missing": missing}, status=503 if missing else 200)


def csrf_failure(request, reason=""):
    """The page for a form whose check failed, mostly one that was open for too long.

    What was typed comes back only where the browser says that a page of ours sent it, and never by itself: another
    site cannot make somebody send what they did not write without their reading it and pressing the button.
    """
    if by_itself(request):
        return HttpResponse(status=403, headers={"X-Form-Check": "failed"})
    texts = posted(request) if from_ourselves(request) else []
    context = {"posted": texts, "files": bool(texts and request.FILES)}
    return render(request, "403_csrf.html", context, status=403)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return False
    return True


def _migrations() -> bool:
    try:
        executor = MigrationExecutor(connection)
    except OperationalError:
        return False
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _broker() -> bool:
    cache.set("readyz", "ok", 5)
    return cache.get("readyz") == "ok"


def _storage() -> bool:
    if settings.STORAGE_URL:
        return _bucket_answers()
    # The folder is made with the first file; until then its parent is what has to be writable.
    folder = next(each for each in (settings.MEDIA_ROOT, *settings.MEDIA_ROOT.parents) if each.exists())
    return folder.is_dir() and os.access(folder, os.W_OK)


def _bucket_answers() -> bool:
    try:
        default_storage.exists("readyz")
    except (BotoCoreError, ClientError):
        return False
    return True


_PARTS = {"database": _database, "migrations": _migrations, "broker": _broker, "storage": _storage}
