"""Issued PDFs of reports: immutable, versioned, hashed."""

from django.db import models


class IssuedReport(models.Model):
    """One issued edition. A correction is a new version; the database refuses to change or delete a row."""

    report = models.ForeignKey("reporting.AnnualReport", models.PROTECT, related_name="issues")
    submission = models.ForeignKey("reporting.ReportSubmission", models.PROTECT, related_name="issues")
    version = models.PositiveSmallIntegerField()
    document = models.OneToOneField("documents.Document", models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["report", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["report", "version"], name="report_issue_numbered_once"),
            models.UniqueConstraint(fields=["submission"], name="one_issue_per_submission"),
        ]

    def __str__(self):
        return f"{self.report}, version {self.version}"
