"""Who may do what to annual reports."""

from portal.access import ALLOWED, Verdict, any_role, refused
from portal.accounts.enums import Role
from reporting.enums import ReportSection, ReportState
from sites import rules as site_rules

may_review_reports = any_role(Role.OFFICER, otherwise="Only program officers accept or return reports.")


def may_write(report, user) -> Verdict:
    """Write sections: a lead or contributor seat on the site."""
    return site_rules.may_write(report.site, user)


def may_enter_money(report, user) -> Verdict:
    """Enter spending: any seat that writes, and site finance."""
    return site_rules.may_enter_money(report.site, user)


def may_submit(report, user) -> Verdict:
    """Submit: the site lead, who certifies for the coalition."""
    return site_rules.may_lead(report.site, user)


_SECTION_RULES = {ReportSection.FINANCES.value: may_enter_money, ReportSection.CERTIFICATION.value: may_submit}


def may_save(report, key: str, user) -> Verdict:
    """Save the section `key`: whoever its rule names, while the report is with the team."""
    who = _SECTION_RULES.get(key, may_write)(report, user)
    if who and not report.is_open:
        return refused(f"This report is {report.get_state_display().lower()}, so it cannot be changed.")
    return who


def may_ask_for_pdf(report, user) -> Verdict:
    """Ask again for a PDF that could not be made: program officers, once the report is accepted."""
    who = may_review_reports(report, user)
    if who and report.state != ReportState.ACCEPTED:
        return refused("The PDF is made when the report is accepted.")
    return who and ALLOWED
