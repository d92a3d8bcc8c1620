"""Who may see and cancel a job."""

from __future__ import annotations

from typing import Any

from portal.access import ALLOWED, Verdict, refused

_CANCELS = frozenset({"officer", "director", "administrator"})


def sees_all_jobs(user: Any) -> bool:
    """Whether this person may look at jobs other people started."""
    return user.is_foundation_staff or "administrator" in user.roles


def may_cancel(job: Any, user: Any) -> Verdict:
    """Whoever started a job may cancel it while it lives, and so may officers, directors and administrators."""
    if not job.is_live:
        return refused(f"This job is over: it is {job.get_state_display().lower()}.")
    if job.created_by_id == user.pk or _CANCELS & user.roles:
        return ALLOWED
    return refused("Only the person who started this job, or a program officer, may cancel it.")
