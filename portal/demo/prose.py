"""What the invented teams write: short texts by question, with the place's name put in."""

from __future__ import annotations

from random import Random

ANSWERS = {
    "district-partner": ("yes",),
    "union-partner": ("yes",),
    "community-partner": ("yes",),
    "district-schools": ("yes",),
    "working-together": (
        "The superintendent, the union president and the director of our fund meet on the first Tuesday of each month. "
        "We keep one list of what was agreed and read it out at the start. When we disagree, two people from each side "
        "bring a proposal to the next meeting, and nothing moves until both have spoken.",
        "A steering group of nine, three from each partner, meets every three weeks in a school of {place}. Teachers and "
        "parents sit in. Decisions are written down the same evening and sent to every school.",
    ),
    "gaps": (
        "In {place} four in ten students are proficient in mathematics, and for some groups it is one in ten. The gap is "
        "already there in grade 3 and hardly moves after that. We found three causes we can change: students who need the "
        "most get the newest teachers, families hear from school mostly when something is wrong, and each school buys its "
        "own materials, so a child who moves across town starts again.",
        "Reading scores in {place} have been flat for six years. Behind the average, the share of English learners at the "
        "lowest level grew, and hardly any of them reach the highest. Schools know this, but nobody owned the answer.",
    ),
    "baseline": (
        "Four in a hundred students were not tested, most of them newcomers. Grades 3 to 8 hide that the gap opens in grade 3. "
        "Teachers tell us that many who are counted as nearing proficient could do more than the test asks.",
    ),
    "collaboration-strategy": (
        "District and union train together and visit classrooms in pairs. Every school forms a team of three teachers and "
        "its principal that looks at student work twice a month. We expect steady, shared attention to change what "
        "happens in class, because plans made by one side alone were undone by the other twice in ten years.",
    ),
    "collaboration-activities": (
        "Year 1: joint training for forty leaders. Year 2: school teams in every building. Years 3 to 5: teams coach each "
        "other across schools, and what works goes into the contract.",
    ),
    "collaboration-measures": (
        "Minutes of the school teams, a short survey of teachers each spring, and how many agreed steps were taken by "
        "the date set.",
    ),
    "partnerships-strategy": (
        "Families of {place} choose what help they need. Each school has a family room run by somebody from the "
        "neighborhood, open two evenings a week, and teachers make home visits that begin with what the child does well.",
    ),
    "partnerships-activities": (
        "Year 1: family rooms in three schools. Year 2: home visits by two hundred trained teachers. Years 3 to 5: reading "
        "evenings with local businesses, and a summer program that ends with a public show of student work.",
    ),
    "partnerships-measures": (
        "How many families came at least three times, how many visits were made, and what families say in a five-question "
        "survey in four languages.",
    ),
    "coherence-strategy": (
        "One curriculum and one set of short tests across {place}, chosen by teachers. District staff are judged by how "
        "soon they answer a school. Money follows students who are furthest behind.",
    ),
    "coherence-activities": (
        "Year 1: choose materials with a panel of sixty teachers. Year 2: coaching in every school. Years 3 to 5: move "
        "the budget toward the schools with the widest gaps.",
    ),
    "coherence-measures": (
        "Share of classes that use the agreed materials, days from a school's question to an answer, dollars for each "
        "student by school.",
    ),
    "after-the-grant": (
        "The school teams and home visits become part of the teachers' contract in year 4. The fund has set aside an "
        "endowment for the family rooms. Nothing we start needs the grant after year 5.",
    ),
}

SECOND_THOUGHT = "Where a school is too small for a team of its own, two schools form one together."

MILESTONES = {
    "collaboration": (
        "Every school has a team of teachers and principal", "Forty leaders trained in pairs",
        "Teams visit each other's schools", "What works is written into the contract", "Teams run without outside help",
    ),
    "partnerships": (
        "Three family rooms are open", "Two hundred teachers make home visits", "Reading evenings in every school",
        "Summer program for six hundred children", "Family rooms are paid for locally",
    ),
    "coherence": (
        "Materials chosen by a panel of teachers", "Coaching in every school", "Short tests used in all grades",
        "Budget follows need", "One plan for all schools",
    ),
}  # fmt: skip

SCORE_REASONS = (
    "The plan names who does what by when, and both sides have signed it.",
    "Clear link from the causes they found to what they will do.",
    "Convincing, though the measures come late in the year.",
    "Good ideas, but the numbers behind them are thin.",
    "The partners have worked together before, and it shows.",
)

PROGRESS = {
    "collaboration": "School teams met twice a month in every building. The union and the district wrote the agenda together, "
    "and eleven of the fourteen steps they agreed on were taken by the date set.",
    "partnerships": "Family rooms welcomed more people each month. Home visits started late because training took longer "
    "than planned, and then went quickly.",
    "coherence": "Teachers chose the mathematics materials in spring, and every school used them by fall. Answers from the "
    "district office now take two days instead of nine.",
}
SUMMARY = (
    "This was the year in which the work stopped being a project. Teams met without being asked, families came back, and the "
    "schools used the same materials. Results moved for the first time, a little, for every group."
)
CHALLENGES = (
    "Two principals left in winter, and their schools lost a term. Substitutes for team meetings were hard to find."
)
LESSONS = "Short meetings often are better than long ones seldom. Families come when other families invite them."
NEXT_YEAR = "We will pair new principals with experienced ones, and move team meetings into the school day."
REPLY = (
    "We read your report with two colleagues. The gain for every group, with the gap still wide, matches what you told us in "
    "spring. We will bring you together with a site that moved team meetings into the school day."
)
QUESTIONS = "Finances: please say why less was spent on partnerships than planned. Results: which test was used in grades 6 to 8?"


def answer(key: str, place: str, random: Random) -> str:
    """A text for a question of the programme; the same seed gives the same text."""
    return random.choice(ANSWERS[key]).format(place=place)
