"""Lets the database itself refuse to change or remove what is kept for good: words between people, versions, money back."""

from django.db import migrations

from portal.activity.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("grants", "0001_initial")]

    operations = [
        AppendOnly("TeamMessage", once=("settled_by", "settled_at")),
        AppendOnly("Extension"),
        AppendOnly("SubmittedReview"),
        AppendOnly("DiscussionPost"),
        AppendOnly("AwardVersion"),
        AppendOnly("Refund"),
        AppendOnly("Letter", when="OLD.released_at IS NOT NULL"),
    ]
