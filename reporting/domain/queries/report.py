"""What is still missing in a report, computed for its task list and by the rules that guard submission."""

from dataclasses import dataclass

from portal.money import ZERO, dollars
from portal.words import counted
from reporting.enums import MilestoneStatus, ReportSection
from reporting.models import AnnualReport

# A difference between budget and actual above this share of the budget needs a sentence.
UNEXPLAINED_SHARE = 10  # percent


@dataclass(frozen=True)
class SectionStatus:
    """One line of the task list. `missing` says in sentences what stands against submitting; empty when complete."""

    key: str
    title: str
    detail: str
    started: bool
    missing: tuple[str, ...]
    component: str = ""

    @property
    def complete(self) -> bool:
        return not self.missing


def section_statuses(report: AnnualReport) -> list[SectionStatus]:
    """Every section of the report in order, with what it lacks. A fixed number of queries."""
    return [
        _summary(report),
        *_progress(report),
        _engagement(report),
        _indicators(report),
        _finances(report),
        _reflection(report),
        _certification(report),
    ]


def missing_to_submit(report: AnnualReport) -> list[str]:
    """Blocker of submitting: every sentence of every section that is not complete."""
    return [sentence for status in section_statuses(report) for sentence in status.missing]


def _status(key, detail, started, missing, title="", component="") -> SectionStatus:
    return SectionStatus(key, title or ReportSection(key).label, detail, started, tuple(missing), component)


def _summary(report) -> SectionStatus:
    missing = [] if report.summary.strip() else ["Write the year in brief."]
    return _status(ReportSection.SUMMARY, "What happened this year, in a page", bool(report.summary), missing)


def _progress(report) -> list[SectionStatus]:
    outcomes = list(report.milestones.select_related("milestone"))
    found = []
    for each in report.progress.select_related("component"):
        name = each.component.name
        own = [outcome for outcome in outcomes if outcome.milestone.component_id == each.component_id]
        missing = []
        if not each.text.strip():
            missing.append(f"Write about the progress in {name}.")
        if not each.rating:
            missing.append(f"Rate the progress in {name}.")
        missing += [f"Say what became of the milestone “{one.milestone.text}”." for one in own if not one.status]
        missing += [
            f"Say why the milestone “{one.milestone.text}” was moved or dropped."
            for one in own
            if one.status in {MilestoneStatus.MOVED, MilestoneStatus.DROPPED} and not one.note.strip()
        ]
        done = sum(1 for one in own if one.status)
        key = f"{ReportSection.PROGRESS}-{each.component_id}"
        detail = f"{done} of {counted(len(own), 'milestone')} answered" if own else "No milestone was promised"
        found.append(
            SectionStatus(key, name, detail, bool(each.text or each.rating or done), tuple(missing), each.component_id)
        )
    return found


def _engagement(report) -> SectionStatus:
    count = report.engagement.count()
    detail = counted(count, "group") + " of people" if count else "Nobody entered yet"
    missing = [] if count else ["Say who was engaged this year."]
    return _status(ReportSection.ENGAGEMENT, detail, bool(count), missing)


def _indicators(report) -> SectionStatus:
    count = report.indicators.count()
    detail = counted(count, "test") if count else "No test entered yet"
    missing = [] if count else ["Enter the results of at least one test by student group."]
    return _status(ReportSection.INDICATORS, detail, bool(count), missing)


def _finances(report) -> SectionStatus:
    missing = []
    rows = list(report.spending.select_related("component"))
    for each in rows:
        if each.actual is None:
            missing.append(f"Enter what was spent on {each.component.name}.")
        elif abs(each.actual - each.budget) * 100 > each.budget * UNEXPLAINED_SHARE and not each.explanation.strip():
            missing.append(
                f"Say why {dollars(each.actual)} was spent on {each.component.name} against a budget of"
                f" {dollars(each.budget)}."
            )
    known = [each.actual for each in rows if each.actual is not None]
    spent = f"{dollars(sum(known, ZERO))} of {dollars(report.award_year.amount)} spent"
    return _status(ReportSection.FINANCES, spent if known else "Nothing entered yet", bool(known), missing)


def _reflection(report) -> SectionStatus:
    asked = {
        "Write about this year's challenges.": report.challenges,
        "Write what you learned.": report.lessons,
        "Write what comes next year.": report.next_year,
    }
    missing = [sentence for sentence, text in asked.items() if not text.strip()]
    started = any(asked.values())
    return _status(ReportSection.REFLECTION, "What was hard, what you learned, what is next", started, missing)


def _certification(report) -> SectionStatus:
    signed = set(report.certifications.values_list("partner", flat=True))
    partners = list(report.site.partners.all())
    missing = [f"Say who certifies the report for {each.name}." for each in partners if each.pk not in signed]
    detail = f"{len(signed)} of {len(partners)} partners"
    return _status(ReportSection.CERTIFICATION, detail, bool(signed), missing)
