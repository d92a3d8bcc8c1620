"""Invented reports to print: a full one, the shortest one, and one with everything at its longest."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from reporting.pdf.facts import (
    Certification,
    Engagement,
    FiledDocument,
    GapReading,
    GroupResult,
    Indicator,
    Milestone,
    MoneyLine,
    MoneyYear,
    Progress,
    ReportFacts,
)

COLLABORATION = ("collaboration", "District and Local Union Capacity and Collaboration")
PARTNERSHIPS = ("partnerships", "Family and Community Partnerships")
COHERENCE = ("coherence", "District and School Capacity and Coherence")
LEVELS = ("Below Basic", "Basic", "Proficient", "Advanced")
RACE = ("White", "Black or African American")
ISSUED = datetime(2027, 9, 14, 15, 42, tzinfo=ZoneInfo("America/New_York"))

_MEETINGS = (
    "The joint labor-management team met every second Monday, and for the first time its agenda was written by both "
    "sides together. By November all fourteen schools had a team of their own with an equal number of teachers and "
    "administrators, and a shared protocol for reading results."
)
_COACHES = (
    "We trained 62 coaches in the same four-day course. What changed most is the tone: a question about a lesson is no "
    "longer heard as a complaint about the teacher. The union's president, Łukasz Wiśniewski, and the deputy "
    "superintendent, María Peña Dvořák, now open every school year together."
)
_FAMILIES = (
    "Home visits reached 1,140 families, most of them twice. Teachers went in pairs, with an interpreter where one was "
    "needed, and asked one thing: what are your hopes for your child? Attendance at the schools with the most visits "
    "rose by four days a student. The Harbor Community Fund paid for evening meals and child care."
)
_LATE = (
    "Two things took longer than we had promised. The data-sharing agreement with the library system needed its own "
    "board's approval, and three schools changed principals in the autumn, which cost each of them about a term."
)
_CURRICULUM = (
    "Grades 3 to 8 now teach mathematics from one curriculum, chosen by a committee of 31 teachers. Common unit tests "
    "are written by teachers of different schools in pairs. Principals spend two mornings a week in classrooms; the "
    "district moved its own meetings to afternoons so that they could."
)


def money_year(number, school_year, budgets, actuals=(None, None, None), explanations=("", "", "")) -> MoneyYear:
    components = (COLLABORATION, PARTNERSHIPS, COHERENCE)
    return MoneyYear(
        number,
        school_year,
        tuple(
            MoneyLine(code, name, Decimal(budget), None if actual is None else Decimal(actual), why)
            for (code, name), budget, actual, why in zip(components, budgets, actuals, explanations, strict=True)
        ),
    )


MONEY = (
    money_year(1, "2025-26", ("98000.00", "72000.00", "80000.00"), ("91250.00", "70110.40", "80000.00")),
    money_year(
        2,
        "2026-27",
        ("95000.00", "75000.00", "80000.00"),
        ("101300.00", "61480.75", "80000.00"),
        (
            "Four more coaches than planned, because two schools joined in October. Moved from partnerships under the "
            "five-percent rule.",
            "The evening program at two libraries started in February instead of September.",
            "",
        ),
    ),
    money_year(3, "2027-28", ("90000.00", "80000.00", "80000.00")),
    money_year(4, "2028-29", ("80000.00", "80000.00", "85000.00")),
    money_year(5, "2029-30", ("70000.00", "80000.00", "75000.00")),
)


def _group(name, students, shares, proficient) -> GroupResult:
    return GroupResult(name, students, tuple(f"{share} %" for share in shares), proficient)


MATHEMATICS = Indicator(
    title="Mathematics, grades 3-8",
    school_year="2026-27",
    test="State Assessment of Progress",
    level_names=LEVELS,
    proficient_from=2,
    groups=(
        _group("All students", "12,418", ("33.1", "32.5", "24.3", "10.1"), "34.4 %"),
        _group("American Indian or Alaska Native", "104", ("41.3", "35.6", "17.3", "5.8"), "23.1 %"),
        _group("Asian", "861", ("16.0", "24.6", "33.3", "26.1"), "59.4 %"),
        _group("Black or African American", "4,205", ("52.6", "37.7", "8.1", "1.6"), "9.7 %"),
        _group("Hispanic or Latino", "3,120", ("39.4", "35.0", "20.1", "5.5"), "25.6 %"),
        GroupResult("Native Hawaiian or Pacific Islander", "fewer than 10", (), "n<10"),
        _group("Two or more races", "644", ("27.5", "34.0", "26.9", "11.6"), "38.5 %"),
        _group("White", "3,484", ("21.7", "36.3", "29.2", "12.8"), "42.0 %"),
        _group("Economically disadvantaged", "7,906", ("43.9", "34.4", "17.2", "4.5"), "21.7 %"),
        _group("Not economically disadvantaged", "4,512", ("14.2", "29.2", "36.7", "19.9"), "56.6 %"),
        GroupResult("English learner", "88", ("60.2 %", "33.0 %", "≤5 %", "≤5 %"), "6.8 %"),
        GroupResult("Students with disabilities", "42", (), "≤5 %"),
    ),
    gaps=(
        GapReading(*RACE, "2026-27", "42.0 %", "9.7 %", "32.3 points", "1.0", "0.97", "0.03"),
        GapReading(*RACE, "2025-26", "41.2 %", "7.5 %", "33.7 points", "1.0", "1.02", "0.03"),
        GapReading(
            "Not economically disadvantaged", "Economically disadvantaged", "2026-27",
            "56.6 %", "21.7 %", "34.9 points", "0.9", "0.91", "0.02",
        ),
        GapReading(
            "Not English learner", "English learner", "2026-27", "34.8 %", "6.8 %", "28.0 points", "2.7",
            undefined="Too few students at the upper levels to estimate it.",
        ),
        GapReading("White", "Native Hawaiian or Pacific Islander", "2026-27", "42.0 %", "n<10", "not shown"),
    ),
    note="The gap between White and Black students narrowed by 1.4 points since 2025-26, and both groups gained.",
)  # fmt: skip

READING = Indicator(
    title="English language arts, grades 3-8",
    school_year="2026-27",
    test="State Assessment of Progress",
    level_names=("Level 1", "Level 2", "Level 3", "Level 4", "Level 5"),
    proficient_from=3,
    groups=(
        _group("All students", "12,377", ("18.2", "21.0", "23.1", "26.4", "11.3"), "37.7 %"),
        _group("Black or African American", "4,190", ("27.9", "27.4", "24.3", "16.9", "3.5"), "20.4 %"),
        _group("Hispanic or Latino", "3,111", ("23.0", "24.6", "23.9", "22.3", "6.2"), "28.5 %"),
        _group("White", "3,470", ("10.4", "15.8", "22.5", "33.7", "17.6"), "51.3 %"),
        _group("Students without disabilities", "10,702", ("13.9", "20.3", "24.4", "28.9", "12.5"), "41.4 %"),
        _group("Students with disabilities", "1,675", ("45.5", "25.7", "15.0", "10.4", "3.4"), "13.8 %"),
    ),
    gaps=(
        GapReading(*RACE, "2026-27", "51.3 %", "20.4 %", "30.9 points", "1.1", "0.78", "0.02"),
        GapReading(
            *RACE, "2026-27", "73.8 %", "44.7 %", "29.1 points", "1.1",
            cut="Level 3 or above", undefined="Given once for each pair of groups.",
        ),
    ),
    note="The gap narrowed because White students lost 0.8 points; Black students stayed where they were.",
)  # fmt: skip


def full() -> ReportFacts:
    """A realistic report of the second year."""
    return ReportFacts(
        portal="Throughline",
        foundation="The Example Foundation",
        site="Harbor County Collaboration for Change",
        place="Harbor County, Massachusetts",
        partners=(
            "Harbor County Public Schools",
            "Harbor County Education Association",
            "Harbor Community Fund",
            "Harbor Interfaith Network",
        ),
        award_reference="A-2025-0007",
        report_reference="R-2027-0042",
        year_number=2,
        school_year="2026-27",
        edition="Public edition, small groups protected",
        version=1,
        issued_at=ISSUED,
        time_zone="America/New_York",
        yearly_ceiling=Decimal("250000.00"),
        summary=(
            "In the second year the work reached every one of our fourteen schools. The number of joint teams doubled, "
            "home visits became something teachers ask for rather than something they are asked to do, and one "
            "mathematics curriculum replaced seven.\n\nThe gap in mathematics between White and Black students "
            "narrowed, and both groups gained. We spent $242,780.75 of $250,000. The evening program at the libraries "
            "started five months late, and we say below what we learned from that."
        ),
        progress=(
            Progress(
                *COLLABORATION,
                narrative="\n\n".join((_MEETINGS, _COACHES, _LATE)),
                milestones=(
                    Milestone("Joint teams at all fourteen schools, with a signed protocol", "Met", True),
                    Milestone("62 coaches trained in the shared course", "Met", True),
                    Milestone(
                        "One calendar of meetings for district and union",
                        "Moved to a later year",
                        False,
                        "Bargaining of the new contract runs to March.",
                    ),
                ),
                rating=3,
                rating_label="Established: in place everywhere, not yet steady",
            ),
            Progress(
                *PARTNERSHIPS,
                narrative="\n\n".join((_FAMILIES, _LATE, _FAMILIES)),
                milestones=(
                    Milestone("1,000 families visited at home", "Met", True, "1,140 families, 2,015 visits."),
                    Milestone(
                        "Evening program in six libraries", "Moved to a later year", False, "Four of six opened."
                    ),
                    Milestone("Business partners sign up for 200 work placements", "Dropped", False),
                ),
                rating=2,
                rating_label="Building: in place in some schools",
            ),
            Progress(
                *COHERENCE,
                narrative="\n\n".join((_CURRICULUM, _COACHES, _MEETINGS)),
                milestones=(
                    Milestone("One mathematics curriculum in grades 3 to 8", "Met", True),
                    Milestone("Common unit tests four times a year", "Met", True),
                    Milestone("Principals in classrooms two mornings a week", "Met", True),
                ),
                rating=3,
                rating_label="Established: in place everywhere, not yet steady",
            ),
        ),
        engagement=(
            Engagement("Superintendent and cabinet", 9, 22, "Joint labor-management team, school visits"),
            Engagement("Union leaders", 14, 26, "Joint labor-management team, coaching"),
            Engagement("Principals", 31, 18, "Classroom mornings, reading results together"),
            Engagement("Teachers", 1284, 12, "Coaching, writing unit tests, home visits"),
            Engagement("Families", 2310, 4, "Home visits, evening program, school councils"),
            Engagement("Nonprofits and foundations", 37, 6, "Evening program, interpreters, meals and child care"),
        ),
        indicators=(MATHEMATICS, READING),
        money=MONEY,
        challenges=_LATE + "\n\n" + _MEETINGS,
        lessons=(
            "Ask for the board's date before you promise yours. Where a principal changed, the joint team kept the "
            "work alive: the schools with the oldest teams lost the least.\n\n" + _COACHES
        ),
        next_year=_CURRICULUM,
        certifications=(
            Certification("María Peña Dvořák", "Superintendent", "Harbor County Public Schools", date(2027, 8, 30)),
            Certification("Łukasz Wiśniewski", "President", "Harbor County Education Association", date(2027, 8, 31)),
            Certification("Thandiwe O'Brien-Nakamura", "Executive director", "Harbor Community Fund", date(2027, 9, 2)),
        ),
        documents=(
            FiledDocument("coaching-handbook.pdf", "The handbook all coaches work from"),
            FiledDocument("library-agreement.docx"),
        ),
        reply="We read this report with our whole team. We will visit in November and bring the two library boards.",
    )


def short() -> ReportFacts:
    """The least a report can be: nothing was written and nothing measured."""
    return ReportFacts(
        portal="Throughline",
        foundation="The Example Foundation",
        site="Prairie Empowerment Schools",
        place="Prairie City, Nebraska",
        partners=(),
        award_reference="A-2025-0009",
        report_reference="R-2026-0044",
        year_number=1,
        school_year="2025-26",
        edition="Staff and site edition",
        version=1,
        issued_at=ISSUED,
        time_zone="America/New_York",
        yearly_ceiling=Decimal("250000.00"),
        summary="",
        progress=tuple(Progress(code, name, "") for code, name in (COLLABORATION, PARTNERSHIPS, COHERENCE)),
        engagement=(),
        indicators=(),
        money=(),
        challenges="",
        lessons="",
        next_year="",
        certifications=(),
    )


def long() -> ReportFacts:
    """Names, texts and lists at their longest, with markup, unknown characters and a component without a hue."""
    site = "The Greater Meramec, Gasconade and Upper Current River Valleys Consolidated Coalition for Every Child"
    levels = (
        "Level One: Not Yet Meeting Expectations",
        "Level Two",
        "Level Three",
        "Level Four",
        "Level Five",
        "Level Six",
    )
    name = "Students with limited or interrupted formal education, newly arrived within the last two school years"
    group = GroupResult(name, "1,204,318", ("10.0 %", "20.0 %", "30.0 %", "20.0 %", "15.0 %", "5.0 %"), "40.0 %")
    return replace(
        full(),
        site=site,
        foundation="The Margaretha and Bartholomew Featherstonehaugh-Cholmondeley Charitable Foundation",
        place="Counties of Gasconade, Crawford, Phelps, Dent, Shannon, Texas and Wright, Missouri",
        partners=tuple(f"Consolidated School District R-{number} of the Upper River Valleys" for number in range(1, 9)),
        summary="<script>alert(1)</script> & <b>bold</b> " + "A sentence that goes on. " * 300 + "漢字 🙂 \x07 end.",
        progress=(
            *full().progress,
            Progress("rural", name, "x" * 3000, (Milestone("m" * 400, "Met", True, "n" * 300),) * 12, 4, "Sustained"),
        ),
        engagement=tuple(Engagement(name, 12_345_678, 9_999, "doing " * 50) for _ in range(40)),
        indicators=(replace(READING, level_names=levels, groups=(group,) * 30, gaps=MATHEMATICS.gaps * 3),),
        money=(
            *MONEY[:1],
            money_year(
                2, "2026-27", ("250000.00", "0.00", "0.01"), ("9999999.99", "0.00", None), ("why " * 600, "", "")
            ),
            *MONEY[2:],
        ),
        certifications=tuple(Certification(name, name, site, date(2027, 9, 1)) for _ in range(25)),
    )
