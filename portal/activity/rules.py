"""Who may read the activity log."""

from portal.access import any_role

may_read_log = any_role(
    "auditor",
    "officer",
    "director",
    "administrator",
    otherwise="The activity log is open to auditors, program officers, directors and administrators.",
)
