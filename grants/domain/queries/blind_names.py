"""The names by which a team could be known, and how they are found in a text, whatever its case and punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q

from grants.domain.queries.conflict import PUBLIC_MAIL
from portal.accounts.models import User
from sites.enums import PartnerKind, State
from sites.models import District, Invitation, Partner, Seat

# What stands in the place of a name; a reader still sees what kind of word it was.
COALITION, DISTRICT, UNION, PARTNER = "[the coalition]", "[the district]", "[the union]", "[a partner]"
PLACE, STATE, SCHOOL, PERSON = "[the place]", "[the state]", "[a school]", "[a person]"
ADDRESS, NUMBER, FILE, TITLE = "[an address]", "[a number]", "[a file]", "[the title]"
PARTNERS: dict[str, str] = {PartnerKind.DISTRICT: DISTRICT, PartnerKind.UNION: UNION, PartnerKind.COMMUNITY: PARTNER}

# Shorter names are words of their own too often to be taken out of a text.
SHORTEST = 4
# Words at the ends of a name that say what it is and not which: “Harbor County Public Schools” is also called “Harbor”.
GENERIC = frozenset(
    {
        "a", "academy", "alliance", "and", "area", "association", "board", "center", "central", "charter",
        "children", "city", "coalition", "collaboration", "college", "community", "consolidated", "corporation",
        "council", "county", "district", "education", "educational", "educators", "elementary", "exempted",
        "families", "family", "federation", "for", "foundation", "fund", "high", "independent", "initiative",
        "intermediate", "international", "isd", "joint", "junior", "k", "learning", "league", "local", "magnet",
        "middle", "municipal", "network", "no", "of", "office", "parish", "partners", "partnership", "preparatory",
        "primary", "professional", "program", "project", "promise", "public", "regional", "school", "schools",
        "secondary", "senior", "society", "state", "support", "system", "teachers", "the", "town", "township",
        "trust", "unified", "union", "united", "university", "usd", "village", "water", "ymca", "ywca", "youth",
    }
)  # fmt: skip
# Surnames and places that are everyday words here: alone they are left, in the whole name they are not.
EVERYDAY = frozenset(
    {
        "american", "baker", "banks", "bell", "best", "bishop", "black", "branch", "bridges", "brown", "bush",
        "carpenter", "chance", "change", "church", "coach", "cook", "day", "dean", "dollars", "east", "english",
        "field", "fields", "fisher", "forest", "friend", "gardner", "gold", "good", "grant", "gray", "green",
        "grove", "hall", "hand", "head", "hill", "home", "hope", "house", "hunter", "iron", "judge", "king", "lake",
        "land", "lane", "law", "little", "long", "love", "marsh", "mason", "may", "moon", "more", "new", "noble",
        "north", "page", "park", "parks", "parent", "parents", "pope", "price", "rice", "rich", "rivers", "rose",
        "rush", "sharp", "short", "small", "smart", "south", "spring", "springs", "stone", "street", "strong",
        "summers", "swift", "teacher", "trace", "valley", "walker", "ward", "waters", "weaver", "wells", "west",
        "white", "winter", "wise", "wood", "woods", "work", "young",
    }
)  # fmt: skip
# Capitals that stand for something else in every proposal.
COMMON_CAPITALS = frozenset(
    {"CCSS", "CTE", "ELA", "ELL", "ESL", "FAFSA", "GED", "GPA", "IEP", "MTSS", "NAEP", "PBIS", "PLC", "PTA", "PTO"}
    | {"RTI", "SAT", "SEL", "STEM"}
)
_MOST_BETWEEN = 3

# Ways of being reached, whoever they belong to.
_REACHED = (
    (r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)*", ADDRESS),
    (r"(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)]", ADDRESS),
    (
        r"(?:[a-z0-9-]+\.)+(?:org|com|net|edu|gov|info|us|biz|io|school|foundation)(?:/[^\s<>\"]*[^\s<>\".,;:!?)])?",
        ADDRESS,
    ),
    (r"@[a-z_][\w.]{2,}", ADDRESS),
    (r"(?:\+?1[\s.\-])?\(?[2-9]\d{2}\)?[\s.\-]{1,2}\d{3}[\s.\-]\d{4}", "[a phone number]"),
    (
        r"\d{1,6}\s+(?:[a-z0-9.'’-]+\s+){1,4}(?-i:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Parkway)",
        ADDRESS,
    ),
    (r"P\.?\s?O\.?\s+Box\s+\d+", ADDRESS),
)


class Spelling(NamedTuple):
    """One way a name is written: how it is found, what stands in its place, and how many letters it has."""

    pattern: str
    mark: str
    size: int


@dataclass(frozen=True)
class Names:
    """Everything that tells who applies, ready to be looked for: `marks` are in the order of the pattern's groups."""

    pattern: re.Pattern[str]
    marks: tuple[str, ...]
    known: re.Pattern[str]

    def without(self, text: str) -> str:
        """The text with a neutral mark in the place of every name, address and number."""
        plain = unicodedata.normalize("NFC", text)
        out, end = [], 0
        for match in self.pattern.finditer(_folded(plain)):
            out += [plain[end : match.start()], self.marks[int(match.lastindex or 1) - 1]]
            end = match.end()
        return "".join([*out, plain[end:]]) if out else text

    def tells(self, text: str) -> bool:
        """Whether the text has one of the names; addresses of others do not count."""
        return self.known.search(_folded(unicodedata.normalize("NFC", text))) is not None


def names_of(proposal, content: dict) -> Names:
    """The names of the site, place, partners, schools and people, as submitted and as they are now. Four queries."""
    return compiled([*_of_content(content), *_of_records(proposal)])


def compiled(found: Iterable[Spelling]) -> Names:
    """The patterns of these spellings, the longest name first; ways of being reached come before all of them."""
    sizes: dict[str, Spelling] = {}
    for each in found:
        sizes.setdefault(each.pattern, each)
    ordered = [(each.pattern, each.mark) for each in sorted(sizes.values(), key=lambda each: -each.size)]
    everything = [*_REACHED, *ordered]
    either = "|".join(f"({each})" for each, _ in everything)
    known = "|".join(each for each, _ in ordered) or r"(?!)"
    return Names(
        re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])", re.IGNORECASE),
        tuple(mark for _, mark in everything),
        re.compile(rf"(?<![^\W_])(?:{known})(?![^\W_])", re.IGNORECASE),
    )


def _of_content(content: dict) -> Iterable[Spelling]:
    coalition = content["coalition"]
    yield from name_spellings(coalition["name"], COALITION)
    yield from place_spellings(coalition["place"], coalition["state"])
    yield from _whole(content["title"], TITLE)
    for partner in coalition["partners"]:
        yield from name_spellings(partner["name"], PARTNERS.get(partner["kind"], PARTNER))
        yield from _numbers(partner["leaid"], partner["uei"], partner["ein"])
    for school in coalition["schools"]:
        yield from name_spellings(school["name"], SCHOOL)
        yield from _numbers(school["ncessch"])
    for file in content["attachments"]:
        yield from _whole(file["name"], FILE)
        yield from _whole(file["name"].rpartition(".")[0], FILE)
        # What a round asks for by name is everybody's word; a title of the team's own may name somebody.
        yield from _whole("" if file["slot"] else file["title"], FILE)
    for signature in content["sign_offs"]:
        yield from person_spellings(signature["name"])


def _of_records(proposal) -> Iterable[Spelling]:
    site = proposal.site
    yield from name_spellings(site.name, COALITION)
    yield from place_spellings(site.place, site.state)
    yield from _numbers(site.reference)
    partners = Partner.objects.filter(site=site.pk)
    leaids = []
    for kind, name, leaid, signatory, email in partners.values_list(
        "kind", "name", "leaid", "signatory_name", "signatory_email"
    ):
        yield from name_spellings(name, PARTNERS.get(kind, PARTNER))
        yield from person_spellings(signatory)
        yield from _domain(email)
        leaids.append(leaid)
    for name, city in District.objects.filter(leaid__in=filter(None, leaids)).values_list("name", "city"):
        yield from name_spellings(name, DISTRICT)
        yield from place_spellings(city, "")
    team = Seat.objects.filter(site=site.pk).values("holder")
    people = User.objects.filter(Q(pk__in=team) | Q(pk=proposal.started_by_id))
    for name, email in people.values_list("name", "email"):
        yield from person_spellings(name)
        yield from _domain(email)
    for email in Invitation.objects.filter(site=site.pk).values_list("email", flat=True):
        yield from _domain(email)


def _whole(name: str, mark: str) -> Iterable[Spelling]:
    """The words of a name in a row, with anything but words between them."""
    plain = _folded(unicodedata.normalize("NFC", name)).replace("_", " ")
    words = re.findall(r"[^\W_]+", plain)
    if len("".join(words)) >= SHORTEST:
        between = rf"[\W_]{{0,{_MOST_BETWEEN}}}"
        yield Spelling(between.join(re.escape(word) for word in words), mark, len("".join(words)))


def name_spellings(name: str, mark: str) -> Iterable[Spelling]:
    """A name, what it is called for short, and its initials: “Harbor County Public Schools”, “Harbor”, “HCPS”."""
    said = re.sub(r"\([^)]*\)", " ", name)
    for each in dict.fromkeys((name, said)):
        yield from _whole(each, mark)
    words = re.findall(r"[^\W\d_][\w'’-]*", said)
    core = list(words)
    while core and core[-1].lower() in GENERIC:
        core.pop()
    while core and core[0].lower() in GENERIC:
        core.pop(0)
    yield from _short(core, mark)
    capitals = [each for each in words if each[0].isupper()]
    initials = [
        "".join(each[0] for each in capitals),
        "".join(each[0] for each in capitals if each.lower() not in {"the", "of", "for", "and"}),
        *re.findall(r"\(([A-Z]{2,8})\)", name),
    ]
    for each in dict.fromkeys(initials):
        if len(each) >= SHORTEST - 1 and each not in COMMON_CAPITALS:
            yield Spelling(rf"(?-i:{re.escape(each)})", mark, len(each))


def _short(words: list[str], mark: str) -> Iterable[Spelling]:
    """What is left of a name without its general words; one word alone only with a capital, and if it is no everyday one."""
    if len(words) > 1:
        yield from _whole(" ".join(words), mark)
    elif words and len(words[0]) >= SHORTEST and words[0].lower() not in EVERYDAY and words[0][0].isupper():
        word = re.escape(_folded(unicodedata.normalize("NFC", words[0])))
        yield Spelling(rf"(?-i:{word}|{word.upper()})", mark, len(words[0]))


def place_spellings(place: str, state: str) -> Iterable[Spelling]:
    if place:
        for each in name_spellings(place, PLACE):
            # With the state's two letters behind it.
            yield each._replace(pattern=rf"{each.pattern}(?:,?\s+(?-i:{state}))?") if state else each
    if state:
        label = State(state).label
        yield from _whole(label, STATE)


def person_spellings(name: str) -> Iterable[Spelling]:
    """A person's name, also without what stands in brackets, and the surname alone."""
    said = re.sub(r"\([^)]*\)", " ", name)
    for each in dict.fromkeys((name, said)):
        yield from _whole(each, PERSON)
    words = [each for each in re.findall(r"[^\W\d_][\w'’-]*", said) if each.lower().rstrip(".") not in _TITLES]
    if len(words) > 1:
        yield from _whole(" ".join(words), PERSON)
        # “M. Okafor”, and with a title even a name that is an everyday word: “Dr. King”.
        surname = re.escape(_folded(unicodedata.normalize("NFC", words[-1])))
        yield Spelling(
            rf"(?-i:(?:Dr|Mr|Ms|Mrs|Mx|Prof|Superintendent|Principal|President)\.?\s+{surname})",
            PERSON,
            len(words[-1]) + 2,
        )
        yield Spelling(rf"(?-i:{re.escape(_folded(words[0][0]))}\.\s?{surname})", PERSON, len(words[-1]) + 1)
        yield from _short(words[-1:], PERSON)


_TITLES = frozenset({"dr", "mr", "ms", "mrs", "mx", "prof", "jr", "sr", "phd", "edd", "ii", "iii"})


def _numbers(*numbers: str) -> Iterable[Spelling]:
    """Identifiers, with and without their dashes."""
    for number in numbers:
        yield from _whole(number, NUMBER)
        yield from _whole(number.replace("-", ""), NUMBER)


def _domain(email: str) -> Iterable[Spelling]:
    """Where somebody's mail goes, unless it is where everybody's goes."""
    domain = email.rpartition("@")[2].lower()
    if domain and domain not in PUBLIC_MAIL:
        yield Spelling(rf"(?:[\w-]+\.)*{re.escape(domain)}", ADDRESS, len(domain))


def _folded(text: str) -> str:
    """The text without accents, letter for letter, so that places in it stay where they are."""
    if text.isascii():
        return text
    return "".join(_bare(each) for each in text)


def _bare(letter: str) -> str:
    parts = unicodedata.normalize("NFKD", letter)
    return parts[0] if all(unicodedata.combining(each) for each in parts[1:]) else letter
