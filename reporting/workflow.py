"""The transition table of annual reports."""

from portal.workflow import Workflow, step
from reporting import rules
from reporting.enums import ReportState as S

REPORT = Workflow(
    "reporting.annualreport",
    (
        step(
            "submit", {S.DRAFT, S.RETURNED}, S.SUBMITTED, "Submit report", rules.may_submit,
            blockers="reporting.domain.queries.report.missing_to_submit",
            effect="reporting.domain.report.freeze", listed=False,
        ),
        step(
            "return", S.SUBMITTED, S.RETURNED, "Return with questions", rules.may_review_reports,
            effect="reporting.domain.report.ask_questions", comment_required=True, style="outline",
            consequence="The site can edit the report and submit it again. Your questions are mailed to the team.",
        ),
        step(
            "accept", S.SUBMITTED, S.ACCEPTED, "Accept report", rules.may_review_reports,
            effect="reporting.domain.report.stamp_accepted", comment_required=True,
            consequence="The next payment's condition is met, your reply is mailed to the team, and the PDF is made.",
        ),
    ),
)  # fmt: skip
