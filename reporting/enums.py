"""The states and fixed lists of the reporting app."""

from django.db.models import IntegerChoices, TextChoices


class ReportState(TextChoices):
    """Where an annual report stands."""

    DRAFT = "draft", "Not submitted"
    SUBMITTED = "submitted", "Submitted"
    RETURNED = "returned", "Returned with questions"
    ACCEPTED = "accepted", "Accepted"


class ReportSection(TextChoices):
    """The sections of a report, in order. Progress is one section a component: `progress-<code>`."""

    SUMMARY = "summary", "The year in brief"
    PROGRESS = "progress", "Progress"
    ENGAGEMENT = "engagement", "Who was engaged"
    INDICATORS = "indicators", "Results by student group"
    FINANCES = "finances", "Budget against actual"
    REFLECTION = "reflection", "Challenges, lessons, next year"
    CERTIFICATION = "certification", "Certification"


class Rating(IntegerChoices):
    """The four described steps of the self-rating."""

    STARTING = 1, "Starting: being planned, little in place"
    BUILDING = 2, "Building: in place in some schools"
    ESTABLISHED = 3, "Established: in place everywhere, not yet steady"
    SUSTAINED = 4, "Sustained: steady practice that would outlast the grant"


class MilestoneStatus(TextChoices):
    """What became of a milestone."""

    MET = "met", "Met"
    MOVED = "moved", "Moved to a later year"
    DROPPED = "dropped", "Dropped"


class Audience(TextChoices):
    """Who was engaged."""

    SUPERINTENDENT = "superintendent", "Superintendent and cabinet"
    UNION = "union", "Union leaders"
    PRINCIPALS = "principals", "Principals"
    TEACHERS = "teachers", "Teachers"
    FAMILIES = "families", "Families"
    BUSINESSES = "businesses", "Businesses"
    NONPROFITS = "nonprofits", "Nonprofits and foundations"
    CIVIC = "civic", "Civic authorities"
