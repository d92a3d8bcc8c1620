"""What states call student groups, subjects, grades, school years and achievement levels in their tables."""

from __future__ import annotations

import re

from sites.enums import GradeBand, State, StudentGroup, Subject
from sites.identifiers import school_year

G = StudentGroup
# In plain words (see `plain`); where a name is part of another, the longer one is tried first.
_GROUPS = {
    G.ALL: "all students|all|total|grand total|overall|everyone|all groups|statewide|total students",
    G.FEMALE: "female|females|girls|women|f",
    G.MALE: "male|males|boys|men|m",
    G.AMERICAN_INDIAN: "american indian or alaska native|american indian|native american|alaska native|"
    "american indian alaska native|ai an|aian|indigenous|am indian",
    G.ASIAN: "asian|asian american",
    G.BLACK: "black or african american|black|african american|black african american|african american black",
    G.HISPANIC: "hispanic or latino|hispanic|latino|latina|latinx|hispanic latino|hispanic or latino of any race|"
    "hispanic latino of any race|hispanic of any race",
    G.PACIFIC_ISLANDER: "native hawaiian or pacific islander|native hawaiian or other pacific islander|pacific islander|"
    "native hawaiian|native hawaiian pacific islander|hawaiian pacific islander|nhpi|nhopi|nh pi",
    G.MULTIRACIAL: "two or more races|two or more|multi racial|multiracial|multi race|multirace|multiple races|"
    "2 or more races|2 or more|mixed race",
    G.WHITE: "white|caucasian|white non hispanic",
    G.DISADVANTAGED: "economically disadvantaged|econ disadvantaged|econ disadv|disadvantaged|socioeconomically "
    "disadvantaged|free reduced lunch|freereduced lunch|free and reduced lunch|free or reduced lunch|"
    "free or reduced price lunch|free reduced|frl|frpl|low income|eds|sed|poverty",
    G.NOT_DISADVANTAGED: "not economically disadvantaged|non economically disadvantaged|not econ disadvantaged|"
    "not disadvantaged|non disadvantaged|no free reduced lunch|nofree reduced lunch|nofreereduced lunch|"
    "not free reduced lunch|non frl|not frl|not low income|non low income|not socioeconomically disadvantaged",
    G.ENGLISH_LEARNER: "english learner|english learners|english language learner|english language learners|el|ell|"
    "eml|lep|emergent bilingual|multilingual learner|multilingual learners|limited english proficient|current el",
    G.NOT_ENGLISH_LEARNER: "not english learner|not english learners|non english learner|non english learners|not el|"
    "non el|non ell|not ell|never el|english proficient|not english language learner|non lep|not lep",
    G.DISABILITY: "students with disabilities|students with disability|student with disabilities|with disabilities|"
    "with disability|swd|iep|special education|special ed|sped|disabled|disability",
    G.NO_DISABILITY: "students without disabilities|students without disability|without disabilities|without disability|"
    "non swd|not swd|no iep|non iep|general education|regular education|not special education|non special education|"
    "no disability|not disabled|non disabled",
    G.HOMELESS: "homeless|students experiencing homelessness|mckinney vento",
    G.FOSTER: "foster care|foster|foster youth|in foster care",
    G.MILITARY: "military connected|military|military dependent|military family",
    G.MIGRANT: "migrant|migratory",
}
_GROUP_OF = {name: code for code, names in _GROUPS.items() for name in names.split("|")}
_GROUP_OF |= {re.sub(r"[^a-z0-9]+", " ", label.lower()).strip(): StudentGroup(code) for code, label in G.choices}
# Short or everyday words that mean a group where they are a whole cell, but not inside a file's name.
_ONLY_ALONE = frozenset({"all", "total", "f", "m", "overall", "everyone", "grand total", "el", "men", "women"})

_SUBJECTS = {
    Subject.MATHEMATICS: "mathematics|math|maths",
    Subject.ELA: "english language arts literacy|english language arts|language arts|ela literacy|ela|reading|"
    "reading language arts|english|literacy|rla",
    Subject.SCIENCE: "science|sci",
}
_SUBJECT_OF = {name: subject for subject, names in _SUBJECTS.items() for name in names.split("|")}

_GRADES = {
    GradeBand.GRADES_3_8: r"0?3 (to |through |thru )?0?8",
    GradeBand.GRADES_3_5: r"0?3 (to |through |thru )?0?5|elementary",
    GradeBand.GRADES_6_8: r"0?6 (to |through |thru )?0?8|middle( school)?",
    GradeBand.HIGH_SCHOOL: r"0?9 (to |through |thru )?12|high( school)?|hs",
}
_YEARS = re.compile(r"(?<!\d)(19|20)(\d\d) ?[-–—/] ?(?:(19|20)?(\d\d))(?!\d)")
_ONE_YEAR = re.compile(r"(20\d\d)")

# From the lowest to the highest. A name may be called differently with the same rank in another state's test.
_LEVELS = (
    (-1, "far below basic|well below basic|well below|significantly below|far below"),
    (0, "novice|below basic|beginning|beginner|emerging|did not meet expectations|did not meet|not met|does not meet|"
        "did not yet meet expectations|did not yet meet|not yet met|minimal|inadequate|unsatisfactory|limited|"
        "standard not met|inconsistent|needs improvement|below standard|below proficient|not meeting expectations|"
        "not meeting|not proficient|insufficient|does not meet expectations|step 1|below expectations|below"),
    (1, "nearing proficiency|nearing proficient|nearing|partially meeting expectations|partially meeting|"
        "partially met expectations|partially met|partially proficient|approaching expectations|approaching|approaches|"
        "nearly met|standard nearly met|basic|developing|apprentice|near standard|close|approached expectations|"
        "approached|marginal|partial|near proficient|approaching proficient|progressing"),
    (2, "proficient|met expectations|meeting expectations|meets expectations|met|meets|meeting|standard met|on track|"
        "satisfactory|adequate|at standard|on level|mastered|passed|ready|meets standard|skilled|at"),
    (3, "advanced|exceeds expectations|exceeded expectations|exceeding expectations|exceeds|exceeded|exceeding|"
        "standard exceeded|distinguished|masters|mastery|above standard|highly proficient|exceptional|above proficient|"
        "accomplished|thorough|pass advanced|above|exceeds standard|highly skilled"),
)  # fmt: skip
_RANK_OF = {name: rank for rank, names in _LEVELS for name in names.split("|")}
_NUMBERED = re.compile(r"(?:(?:achievement |performance |proficiency )?level|pl|al|l|lvl) ?([1-6])(?: .*)?")
_NUMBER_INSIDE = re.compile(r"\b(?:level|pl|lvl) ?([1-6])\b")

_PERCENT_WORDS = re.compile(r"\b(percent|percentage|pct|perc|rate|share|proportion)\b")
_COUNT_WORDS = re.compile(
    r"\b(number of students at|number of students|number of|number|counts?|students?|num|nbr|n|of|at|scoring|pupils?|"
    r"level name)\b"
)
_DERIVED = re.compile(
    r"\b(at or above|and above|or above|or higher|or better|and higher|meets or exceeds|met or exceeded|meeting or "
    r"exceeding|and advanced|or advanced|on track or|not proficient or|at and above|below proficient total|passing|plus)\b"
)
_TESTED = re.compile(
    r"\b(tested|test takers|n tested|number tested|students tested|total students|total tested|total number|valid|"
    r"n size|n count|count of students|participants|total|enrolled|number of students|students|n)\b"
)


def plain(text: str) -> str:
    """Lower case, one space between words, no punctuation; `%` and `#` become words, CamelCase is parted."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower()
    text = text.replace("%", " percent ").replace("#", " number ").replace("&", " and ")
    return re.sub(r"[^a-z0-9+]+", " ", text.replace("+", " plus ")).strip()


def group_of(text: str) -> StudentGroup | None:
    """The student group a cell names, or None."""
    words = plain(text)
    return _GROUP_OF.get(words) or _GROUP_OF.get(re.sub(r"^(race|ethnicity|gender|sex|students?) ", "", words))


def group_in(name: str) -> StudentGroup | None:
    """The student group named somewhere in the name of a file or sheet: the longest name wins (`Not EL` before `EL`)."""
    words = f" {plain(name)} "
    joined = f" {plain(name.replace('_', ' ')).replace('nofree', 'no free').replace('freereduced', 'free reduced')} "
    found = [
        (len(each), code)
        for each, code in _GROUP_OF.items()
        if (each not in _ONLY_ALONE or each == "el") and (f" {each} " in words or f" {each} " in joined)
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def leftover(name: str) -> set[str]:
    """The words of a file's name that say nothing about subject, grades, years or group."""
    words = plain(name)
    for pattern in (*_GRADES.values(), r"\d+"):
        words = re.sub(rf"\b({pattern})\b", " ", words)
    for known in sorted((*_SUBJECT_OF, *_GROUP_OF), key=len, reverse=True):
        words = re.sub(rf"\b{known}\b", " ", words)
    return {word for word in words.split() if word not in _NOTHING_SAID and len(word) > 1}


_STATE_WORDS = frozenset(word for name in State.labels for word in re.findall("[a-z]+", name.lower()))
_NOTHING_SAID = _STATE_WORDS | set(
    re.findall(
        "[a-z]+",
        "grade grades gr result results report reports data export assessment assessments test tests sheet table "
        "student students group groups achievement level levels performance school year years sy district state copy "
        "final and by of the for csv xlsx summative",
    )
)


def subject_of(text: str) -> Subject | None:
    """The subject named in a cell or a file's name; the longest name wins."""
    words = f" {plain(text)} "
    found = [(len(name), subject) for name, subject in _SUBJECT_OF.items() if f" {name} " in words]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def grades_of(text: str) -> GradeBand | None:
    """The grades named in a cell or a file's name."""
    words = plain(_YEARS.sub(" ", text))
    return next((band for band, pattern in _GRADES.items() if re.search(rf"\b({pattern})\b", words)), None)


def year_of(text: str) -> str | None:
    """`2022-23` from `2022-2023`, `SY 2022/23` or `2022–23`; from `2023` alone, too, the year in which it ended.

    Two years that do not follow each other are a span of years and no school year.
    """
    if found := _YEARS.search(text):
        first = int(found[1] + found[2])
        following = first + 1
        return school_year(first) if f"{following % 100:02d}" == found[4] else None
    if found := _ONE_YEAR.fullmatch(text.strip()):
        return school_year(int(found[1]) - 1)
    return None


def is_percent_name(header: str) -> bool:
    """Whether a column's name says percent."""
    return bool(_PERCENT_WORDS.search(plain(header)))


def is_tested_name(header: str) -> bool:
    """Whether a column's name says how many were tested in all."""
    words = plain(header)
    return level_of(header) is None and not is_percent_name(header) and bool(_TESTED.fullmatch(words))


def level_of(header: str) -> tuple[int, str] | None:
    """Rank and name of the achievement level a column is about, or None (also for `Proficient or above`)."""
    words = plain(header)
    if _DERIVED.search(words) or re.search(r"\blevels? \d (and|to|or) \d|\bnot tested\b", words):
        return None
    bare = " ".join(_COUNT_WORDS.sub(" ", _PERCENT_WORDS.sub(" ", words)).split())
    if numbered := _NUMBERED.fullmatch(bare) or _NUMBER_INSIDE.search(bare):
        return int(numbered[1]) - 1, _shown(header)
    rank = _RANK_OF.get(bare)
    if rank is None and words in _RANK_OF:
        rank = _RANK_OF[words]
    return None if rank is None else (rank, _shown(header))


def _shown(header: str) -> str:
    """A level's name as people write it: the column's without the words for counting."""
    kept = re.sub(
        r"(?i)%|#|\b(percent(age)?|pct|rate|number( of)?|counts?( of)?|students?|num|n)\b|\((?:\W*)\)", " ", header
    )
    return " ".join(kept.replace("_", " ").split()).strip(" -:.,") or " ".join(header.split())
