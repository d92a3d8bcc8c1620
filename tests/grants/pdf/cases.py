"""Invented proposals and a call to print: full ones, the emptiest, and one with everything at its longest."""

from dataclasses import replace
from datetime import UTC, date, datetime

from grants.domain.content import canonical
from grants.pdf.facts import AskedDocument, AskedPart, AskedQuestion, CallFacts, RubricLine
from grants.pdf.proposal import ProposalPrint, Receipt

RECEIVED = datetime(2027, 2, 1, 21, 59, 58, tzinfo=UTC)
PLANS = (
    ("collaboration", "District and Local Union Capacity and Collaboration"),
    ("partnerships", "Family and Community Partnerships"),
    ("coherence", "District and School Capacity and Coherence"),
)
PARAGRAPH = (
    "The joint labor-management team meets every second Monday, and its agenda is written by both sides together. "
    "Łukasz Wiśniewski, the union's president, and María Peña Dvořák, the deputy superintendent, open each school year."
)
SCRIPTS = "Łukasz Wiśniewski Dvořák; Ελληνικά; Кириллица; <script>alert(1)</script> & <b>bold</b>; 学校; \u202eevil"


def answer(prompt, text=PARAGRAPH, **rest):
    facts = {"key": "k", "prompt": prompt, "kind": "text", "text": text, "words": len(text.split()), "word_limit": 400}
    return facts | {"hidden": False} | rest


def section(key, title, answers, component="", milestones=()):
    return {"key": key, "title": title, "component": component, "answers": answers, "milestones": list(milestones)}


def content(**rest):
    years = ["240000.00"] * 5
    lines = [
        {"category": "personnel", "name": "Salaries and benefits", "years": years, "total": "1200000.00",
         "note": "Four coaches, who stay in their schools."},
    ]  # fmt: skip
    return {
        "format": 1,
        "reference": "P-2027-0042",
        "title": "Harbor County Collaboration for Change",
        "round": {"reference": "R-2027-01", "name": "Closing the Gaps 2027"},
        "coalition": {
            "reference": "S-0042", "name": "Harbor County Collaboration", "place": "Harbor", "state": "TN",
            "students": 25726, "story": PARAGRAPH, "fiscal_agent": "Harbor Community Fund",
            "partners": [
                {"kind": "district", "kind_name": "School district", "name": "Harbor County Public Schools",
                 "leaid": "4701590", "ein": "", "uei": "", "tax_status": ""},
                {"kind": "community", "kind_name": "Community partner", "name": "Harbor Community Fund",
                 "leaid": "", "ein": "62-1234567", "uei": "", "tax_status": "501(c)(3) public charity"},
            ],
            "schools": [{"name": "Łukasiewicz Elementary", "ncessch": "470159000123"}],
        },
        "components": [{"code": code, "name": name, "short_name": name.split()[0]} for code, name in PLANS],
        "key_issues": [{"code": "equity", "name": "Educator equity and diversity"}],
        "sections": [
            section("eligibility", "Eligibility", [
                answer("Is a school district a full partner?", "yes", kind="yes_no", words=None, word_limit=None),
            ]),
            section("need", "Need", [
                answer("Which gaps do you want to close?"), answer("What else?", "", words=0),
                answer("What should only staff know?", SCRIPTS, hidden=True),
            ]),
            section("baseline", "Baseline results", []),
            *[
                section(f"plan-{code}", name, [answer("What is your strategy?")], code, [
                    {"year": 1, "text": "The leadership team meets every month", "measure": "Minutes of twelve meetings"},
                    {"year": 3, "text": "A shared protocol in all schools", "measure": ""},
                ])
                for code, name in PLANS
            ],
        ],
        "baseline": [{
            "subject": "mathematics", "subject_name": "Mathematics", "grade_band": "3-8", "grades_name": "Grades 3 to 8",
            "school_year": "2025-26", "test_name": "State test", "level_names": ["Below", "Basic", "Proficient"],
            "proficient_from": 3,
            "groups": [
                {"group": "white", "name": "White", "counts": [300, 400, 500], "students": 1200, "proficient": "41.7"},
                {"group": "black", "name": "Black or African American", "counts": [500, None, 120], "students": None,
                 "proficient": None},
            ],
            "gaps": [{"higher": "White", "higher_percent": "41.7", "lower": "Hispanic", "lower_percent": "20.0",
                      "points": "21.7"}],
        }],
        "budget": {
            "years": years, "total": "1200000.00", "yearly_ceiling": "250000.00", "total_ceiling": "1250000.00",
            "components": [
                {"code": code, "name": name, "lines": lines, "years": years, "total": "1200000.00"}
                for code, name in PLANS
            ],
            "match": {
                "rows": [{"partner": "Harbor Community Fund", "kind": "in_kind", "kind_name": "In kind",
                          "what": "Rooms and meals", "years": ["5000.00"] * 5, "total": "25000.00"}],
                "years": ["5000.00"] * 5, "total": "25000.00", "by_kind": [],
            },
        },
        "attachments": [{"document": "d", "title": "Letters of support", "name": "letters.pdf", "size": 182000,
                         "sha256": "ab" * 32}],
        "sign_offs": [{"partner": "Harbor County Public Schools", "name": "Dr. Miriam Okafor",
                       "title": "Superintendent", "at": "2027-01-12T16:05:00+00:00",
                       "when": "Tue 12 Jan 2027, 11:05 am Eastern", "content_sha256": "cd" * 32}],
    } | rest  # fmt: skip


def printed(says, **rest):
    facts = ProposalPrint(
        portal="Throughline",
        foundation="The Example Foundation",
        content=says,
        canonical=canonical(says),
        time_zone="America/New_York",
        printed_at=RECEIVED,
        receipt=Receipt(2, RECEIVED, "Ana Applicant", "ef" * 32, ((1, datetime(2027, 1, 20, 15, 0, tzinfo=UTC)),)),
    )
    return replace(facts, **rest)


def full():
    return printed(content())


def empty():
    """A draft in which nothing was written, of a coalition that has not said anything of itself."""
    bare = {"name": "Nobody yet", "place": "", "state": "", "students": None, "story": "", "fiscal_agent": "",
            "partners": [], "schools": [], "reference": "S-1"}  # fmt: skip
    nothing = {"years": ["0.00"] * 5, "total": "0.00", "yearly_ceiling": "250000.00", "total_ceiling": "1250000.00",
               "components": [], "match": {"rows": [], "years": [], "total": "0.00", "by_kind": []}}  # fmt: skip
    says = content(title="", coalition=bare, key_issues=[], baseline=[], budget=nothing, attachments=[], sign_offs=[])
    says["sections"] = [
        section(
            each["key"], each["title"], [one | {"text": "", "words": 0} for one in each["answers"]], each["component"]
        )
        for each in says["sections"]
    ]
    return printed(says, receipt=None, mark="Draft, not submitted")


def longest():
    """Titles and names at their limit, texts far over theirs, words without a space, many files and schools."""
    says = content(title="W" * 160)
    says["coalition"] |= {"name": "Coalition of " + "Llanfairpwllgwyngyll" * 7, "schools": [
        {"name": f"Elementary School number {number}", "ncessch": "470159000123"} for number in range(30)
    ]}  # fmt: skip
    says["sections"][1]["answers"][0]["text"] = "\n\n".join([PARAGRAPH * 3] * 12) + " " + "x" * 400
    says["attachments"] = [
        {"document": "d", "title": "T" * 160, "name": f"{'n' * 140}.pdf", "size": 5, "sha256": "ab" * 32}
        for _ in range(12)
    ]
    return printed(says)


def call(**rest):
    asked = AskedQuestion(
        "gaps", "Which gaps do you want to close?", "Think of every level.", "text", "Up to 800 words",
        ("Reviewers do not see the answer",),
    )  # fmt: skip
    yes_no = AskedQuestion("union", "Is the union a full partner?", "", "yes_no", "Yes or no", ("A no means …",))
    choice = AskedQuestion("size", "How large?", SCRIPTS, "choice", "Choose one", (), ("Small", "Ćwierć & <half>"))
    facts = CallFacts(
        portal="Throughline", foundation="The Example Foundation", support="help@example.org",
        address="https://grants.example.org/calls/R-2027-01/", reference="R-2027-01", name="Closing the Gaps 2027",
        summary="Five-year grants for coalitions.", guidelines="Tell us what you plan.\n\nIn plain words.",
        time_zone="America/New_York", opens_at=datetime(2026, 11, 1, 14, 0, tzinfo=UTC), closes_at=RECEIVED,
        decision_by=date(2027, 4, 1), first_year_starts_on=date(2027, 7, 1), yearly_ceiling="$250,000",
        total_ceiling="$1,250,000", envelope="$7,500,000", years=5, question_count="3 questions",
        parts=(
            AskedPart("eligibility", "Eligibility", "Answer these first.", questions=(yes_no, choice)),
            AskedPart("need", "Need", "", questions=(asked,)),
            *[AskedPart(f"plan-{code}", name, "Milestones, too.", code, "What it is for", (asked,)) for code, name in PLANS],
            AskedPart("budget", "Five-year budget", "One amount each."),
            AskedPart("attachments", "Attachments", "Letters."),
        ),
        documents=(AskedDocument("Audit report", "The latest one.", "PDF", True, False),),
        components=PLANS, categories=("Salaries and benefits", "Travel and meetings"),
        budget_rules=("Up to $250,000 a year.", "Say why."),
        rubric=(RubricLine("Need", "How well it is shown.", 2, (("1", "Hardly."), ("5", "Fully."))),),
        top_score=5, reading=("Three reviewers read it.",), afterwards=("You get a receipt.", "Staff check it."),
        issued_at=datetime(2026, 10, 1, 12, 0, tzinfo=UTC),
    )  # fmt: skip
    return replace(facts, **rest)
