"""The routes of annual reports."""

from django.urls import path

from portal.steps import step_view
from reporting.models import AnnualReport
from reporting.views import indicator, pdf, report, section, submission
from reporting.workflow import REPORT

app_name = "reporting"

urlpatterns = [
    path("reports/", report.report_list, name="report-list"),
    path("reports/<slug:reference>/", report.report_detail, name="report-detail"),
    path("reports/<slug:reference>/sections/<slug:key>/", section.report_section, name="report-section"),
    path("reports/<slug:reference>/tests/new/", indicator.indicator_new, name="indicator-new"),
    path(
        "reports/<slug:reference>/tests/<slug:subject>/<slug:grades>/",
        indicator.indicator_edit,
        name="indicator-edit",
    ),
    path(
        "reports/<slug:reference>/tests/<slug:subject>/<slug:grades>/remove/",
        indicator.indicator_remove,
        name="indicator-remove",
    ),
    path("reports/<slug:reference>/submit/", submission.report_submit, name="report-submit"),
    path("reports/<slug:reference>/submitted/", submission.report_submitted, name="report-submitted"),
    path(
        "reports/<slug:reference>/steps/<slug:step>/",
        step_view(REPORT, AnnualReport, "reporting:report-detail"),
        name="report-step",
    ),
    path("reports/<slug:reference>/pdf/again/", pdf.report_pdf_again, name="report-pdf-again"),
    path("reports/<slug:reference>/pdf/<int:version>/", pdf.report_pdf, name="report-pdf"),
]
