"""A person's own page: name and time zone, and the way to everything about signing in."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from portal.access import Refused
from portal.accounts.domain.person import change_profile
from portal.accounts.forms import ProfileForm
from portal.forms import typed


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    """Change one's own name and time zone."""
    person = request.user
    form = ProfileForm(typed(request), initial={"name": person.name, "time_zone": person.time_zone})
    if request.method == "POST" and form.is_valid():
        try:
            change_profile(person, **form.cleaned_data, actor=person, at=request.arrived_at)
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
        else:
            messages.success(request, "Saved.")
            return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form})
