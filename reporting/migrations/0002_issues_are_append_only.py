"""Lets the database itself refuse to change or remove an issued report, or what was submitted."""

from django.db import migrations

from portal.activity.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]

    operations = [AppendOnly("IssuedReport"), AppendOnly("ReportSubmission")]
