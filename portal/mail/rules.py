"""Who may read the mail log."""

from portal.access import any_role

may_read_mail = any_role(
    "administrator",
    "officer",
    "director",
    "auditor",
    otherwise="The mail log is open to administrators, program officers, directors and auditors.",
)
may_send_again = any_role(
    "administrator", "officer", otherwise="Only administrators and program officers may send a message again."
)
