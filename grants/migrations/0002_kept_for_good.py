"""Lets the database itself refuse to change or remove a message between team and foundation, or a moved deadline."""

from django.db import migrations

from portal.activity.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("grants", "0001_initial")]

    operations = [
        AppendOnly("TeamMessage", once=("settled_by", "settled_at")),
        AppendOnly("Extension"),
    ]
