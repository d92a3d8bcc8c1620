"""Starts the chain with its head row, and lets the database itself refuse to change or remove entries."""

from django.db import migrations

from portal.activity.triggers import AppendOnly


def start_chain(apps, schema_editor):
    apps.get_model("activity", "Head").objects.using(schema_editor.connection.alias).create()


class Migration(migrations.Migration):
    dependencies = [("activity", "0001_initial")]

    operations = [
        migrations.RunPython(start_chain, migrations.RunPython.noop),
        AppendOnly("Entry"),
    ]
