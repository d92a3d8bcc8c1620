"""The models of the reporting app."""

from .indicator import GroupResult, Indicator
from .issue import IssuedReport
from .report import (
    AnnualReport,
    Certification,
    ComponentProgress,
    Engagement,
    MilestoneOutcome,
    ReportSectionSave,
    ReportSubmission,
    Spending,
)

__all__ = [
    "AnnualReport",
    "Certification",
    "ComponentProgress",
    "Engagement",
    "GroupResult",
    "Indicator",
    "IssuedReport",
    "MilestoneOutcome",
    "ReportSectionSave",
    "ReportSubmission",
    "Spending",
]
