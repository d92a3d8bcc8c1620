"""Lets the database itself refuse to change or remove a document the portal issued."""

from django.db import migrations

from portal.activity.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [AppendOnly("Document", when="OLD.issued")]
