"""Seeds the three core components and the six key issues; a foundation may reword and reorder them afterwards."""

from django.db import migrations

COMPONENTS = [
    {
        "code": "collaboration",
        "name": "District and Local Union Capacity and Collaboration",
        "short_name": "Collaboration",
        "purpose": (
            "One shared reading of the problems, frequent and continuing communication, strategies both sides agreed to."
        ),
        "engages": "Superintendent, union leaders, principals, teachers",
    },
    {
        "code": "partnerships",
        "name": "Family and Community Partnerships",
        "short_name": "Partnerships",
        "purpose": (
            "Support that reaches classrooms from families, businesses, nonprofits, other foundations, "
            "civic authorities and the district."
        ),
        "engages": "Families, businesses, nonprofits, foundations, civic authorities",
    },
    {
        "code": "coherence",
        "name": "District and School Capacity and Coherence",
        "short_name": "Coherence",
        "purpose": (
            "Capacity at district level that makes school success possible: curriculum, assessment and resources "
            "pointing at teaching and learning."
        ),
        "engages": "District staff, principals, teachers",
    },
]
ISSUES = [
    ("accountability", "Accountability"),
    (
        "achievement-spectrum",
        "Gaps all along the achievement spectrum (low end and high end, not only “proficient”)",
    ),
    ("readiness-standards", "College- and career-ready standards"),
    ("educator-equity", "Educator equity and diversity"),
    ("hunger-homelessness", "Student hunger and homelessness"),
    ("funding-equity", "Funding equity"),
]


def seed(apps, schema_editor):
    component = apps.get_model("grant_sites", "Component")
    component.objects.bulk_create(component(position=n, **each) for n, each in enumerate(COMPONENTS, 1))
    issue = apps.get_model("grant_sites", "KeyIssue")
    issue.objects.bulk_create(issue(position=n, code=code, name=name) for n, (code, name) in enumerate(ISSUES, 1))


class Migration(migrations.Migration):
    dependencies = [("grant_sites", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
