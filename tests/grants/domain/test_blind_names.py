"""How the names of a coalition are found in a text, whatever their case and punctuation, and what is left alone."""

import re

import pytest

from grants.domain.queries.blind_names import (
    COALITION,
    DISTRICT,
    SCHOOL,
    compiled,
    name_spellings,
    names_of,
    person_spellings,
    place_spellings,
)
from tests.factories.proposals import ProposalFactory
from tests.factories.sites import PartnerFactory, SeatFactory, a_site

NAMES = compiled(
    [
        *name_spellings("Harbor Promise", COALITION),
        *name_spellings("Springfield City Public Schools (SCPS)", DISTRICT),
        *name_spellings("St. Mary’s Elementary School", SCHOOL),
        *place_spellings("Hamilton County", "TN"),
        *person_spellings("Dr. Miriam Muñoz-Okafor (demo)"),
        *person_spellings("Lea King"),
    ]
)


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("HARBOR  promise leads.", "[the coalition] leads."),
        ("The Harbor-Promise, Harbor's plan.", "The [the coalition], [the coalition]'s plan."),
        ("Springfield City Public Schools and SCPS agree.", "[the district] and [the district] agree."),
        ("In Springfield schools.", "In [the district] schools."),
        ("At St Marys Elementary School", "At [a school]"),
        ("Hamilton County, TN, and Hamilton", "[the place], and [the place]"),
        ("A town in tennessee.", "A town in [the state]."),
        ("Miriam Munoz Okafor spoke.", "[a person] spoke."),
        ("M. Munoz-Okafor spoke.", "[a person] spoke."),
        ("Superintendent King and Lea King", "[a person] and [a person]"),
        ("Write to lea.king@harbor.example!", "Write to [an address]!"),
        ("See https://harborpromise.org/plan.", "See [an address]."),
        ("Call (615) 555-0142 or 615-555-0143.", "Call [a phone number] or [a phone number]."),
        ("Come to 120 North Main Street.", "Come to [an address]."),
    ],
)
def test_names_without_replaces_each_spelling(text, told):
    assert NAMES.without(text) == told


@pytest.mark.once
@pytest.mark.parametrize(
    "text",
    [
        "The king of all schools is a public one.",
        "We promise to harbor no doubts.",
        "Our students gain 12.5 points by 2031-32, from 412 to 388.",
        "It costs $240,000.00 a year, $1,200,000 in all.",
        "A partnership of families, teachers and schools in the county.",
    ],
)
def test_names_without_leaves_other_words(text):
    assert NAMES.without(text) == text


@pytest.mark.once
def test_names_tells_of_the_coalition_and_not_of_other_addresses():
    assert NAMES.tells("the plan of harbor promise")
    assert not NAMES.tells("http://schemas.openxmlformats.org/wordprocessingml")


@pytest.mark.django_db
def test_names_of_a_proposal_are_those_of_its_records_too(django_assert_num_queries):
    site = a_site(name="Harbor Promise", place="Harbor County")
    PartnerFactory(
        site=site, name="Quill Foundation", signatory_name="Ingrid Solberg", signatory_email="x@quill.example"
    )
    SeatFactory(site=site, holder__name="Tomasz Zielinski")
    proposal = ProposalFactory(site=site)
    content = proposal.submissions.first().content if proposal.submissions.exists() else None
    content = content or {
        "title": "", "coalition": {"name": "", "place": "", "state": "", "partners": [], "schools": []},
        "attachments": [], "sign_offs": [],
    }  # fmt: skip

    with django_assert_num_queries(4):
        names = names_of(proposal, content)

    said = "Quill Foundation, Ingrid Solberg, www.quill.example, Tomasz Zielinski, Harbor County MA"
    assert names.without(said) == "[a partner], [a person], [an address], [a person], [the place]"
    assert not re.search("Quill|Solberg|Zielinski", names.without(said))
