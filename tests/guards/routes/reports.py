"""The routes of annual reports."""

from tests.guards.routes.route import LEAD, NOBODY, OFFICER, READERS, SPENDERS, WRITERS, Route, step_route

_REPORT = ("=ours.report.reference",)
_FILED = ("=ours.filed.reference",)
_TEST = (*_REPORT, "=ours.results.subject", "=ours.results.grade_band")
_ZERO = {"version": "0", "editor": ""}
REPORTS = (
    Route("reporting:report-list"),
    Route("reporting:report-detail", _REPORT, READERS, sees=READERS, note="draft"),
    Route("reporting:report-detail", _FILED, READERS, sees=READERS, note="submitted"),
    Route("reporting:report-detail", ("=ours.accepted.reference",), READERS, sees=READERS, note="accepted"),
    Route(
        "reporting:report-section", (*_REPORT, "summary"), WRITERS, WRITERS, _ZERO | {"summary": "Well."}, sees=READERS
    ),
    Route("reporting:report-section", (*_REPORT, "finances"), SPENDERS, SPENDERS, sees=READERS),
    Route("reporting:report-section", (*_REPORT, "certification"), LEAD, LEAD, sees=READERS),
    Route("reporting:report-section", (*_FILED, "summary"), NOBODY, NOBODY, sees=READERS, note="after-submission"),
    Route("reporting:indicator-new", _REPORT, WRITERS, WRITERS, sees=READERS),
    Route("reporting:indicator-edit", _TEST, WRITERS, WRITERS, sees=READERS),
    Route("reporting:indicator-remove", _TEST, WRITERS, WRITERS, {}, sees=READERS),
    Route("reporting:report-submit", _REPORT, READERS, READERS, sees=READERS),
    Route("reporting:report-submitted", _FILED, READERS, sees=READERS),
    step_route("reporting:report-step", "ours.filed", "return", OFFICER, READERS),
    step_route("reporting:report-step", "ours.filed", "accept", OFFICER, READERS),
    Route("reporting:report-pdf-again", ("=ours.accepted.reference",), None, OFFICER, sees=READERS, told=READERS),
    Route("reporting:report-pdf", ("=ours.accepted.reference", "1"), READERS, sees=READERS),
)
