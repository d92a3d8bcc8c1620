"""Importing results: files as states publish them, a preview that can be corrected, then the numbers."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grants.domain.baseline import save_table
from grants.models import BaselineResult, BaselineTable
from portal import clock
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory, some_results
from tests.factories.sites import a_site
from tests.portal.documents.files import PDF
from tests.portal.test_imports import a_workbook

pytestmark = pytest.mark.django_db
HEAD = (
    "School Year,Advanced Percent,Advanced Students,Nearing Students,Novice Percent,Novice Students,Proficient Students"
)


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def proposal(ana_applicant, ben_colleague):
    return ProposalFactory(site=a_site(ana_applicant, contributors=[ben_colleague]))


@pytest.fixture
def page(proposal):
    return reverse("grants:baseline-import", args=[proposal.reference])


def a_file(group, *lines, subject="Math"):
    """A look-alike of what a state publishes: one group a file, with a mark, percents beside counts."""
    name = f"Harbor 3-8 {subject} {group} 2015-2025.csv".replace("  ", " ")
    return SimpleUploadedFile(name, b"\xef\xbb\xbf" + "\r\n".join([HEAD, *lines]).encode())


def files():
    return [
        a_file("White", '2024-2025,20%,"1,020",25,30%,30,25', "2019-2020,N/A,N/A,N/A,N/A,N/A,N/A"),
        a_file("EL", "2024-2025,--,*,12,50%,40,<5", "2023-2024,1%,1,2,3%,3,4"),
        a_file("Hispanic", "2024-2025,1%,5,6,7%,8,9", subject="ELA"),
        a_file("ProfRate"),
    ]


def text_of(response):
    return " ".join(response.content.decode().split())


def back(response, **changes):
    """What the preview posts: everything as it was recognized, with the changes somebody made."""
    sheet = response.context["sheet"]
    data = {"tables": response.context["tables"], "version": response.context["version"], "editor": "a" * 32,
            "levels": len(sheet.names), "proficient_from": sheet.proficient_from}  # fmt: skip
    data |= {f"name-{place}": name for place, name in enumerate(sheet.names, 1)}
    for place, label, options, _ in sheet.groups:
        data |= {f"label-{place}": label, f"group-{place}": next(o.value for o in options if o.is_chosen)}
    for place, header, options in sheet.columns:
        data |= {f"header-{place}": header, f"column-{place}": next(o.value for o in options if o.is_chosen)}
    for found in sheet.found:
        data |= {f"{found.key}-{name}": text for name, text in (("seen", 1), ("use", 1), ("subject", found.subject),
                 ("grades", found.grades), ("year", found.year))}  # fmt: skip
    return {**data, **changes}


def counts():
    return {
        (each.table.subject, each.table.school_year, each.group): each.counts
        for each in BaselineResult.objects.select_related("table")
    }


def test_files_are_shown_first_and_their_numbers_used_when_told(client, page, proposal, ana_applicant):
    client.force_login(ana_applicant)

    preview = client.post(page, {"files": files()})

    text = text_of(preview)
    assert (preview.status_code, BaselineTable.objects.count()) == (200, 0)
    assert ("1,020" in text, "withheld" in text) == (True, True)
    assert "1 table: There are no columns with the numbers of students at each level." in text
    assert "1 line: There are no numbers in this line." in text

    used = client.post(page, back(preview, use="1"), follow=True)

    assert counts() == {
        ("mathematics", "2024-25", "white"): [30, 25, 25, 1020],
        ("mathematics", "2024-25", "english_learner"): [40, 12, None, None],
        ("ela", "2024-25", "hispanic"): [8, 6, 9, 5],
    }
    assert BaselineTable.objects.get(subject="ela").level_names == ["Novice", "Nearing", "Proficient", "Advanced"]
    assert "The numbers of 2 tables are in your proposal." in text_of(used)


def test_corrections_are_read_again_before_anything_is_saved(client, page, ana_applicant):
    client.force_login(ana_applicant)
    preview = client.post(page, {"files": files()})

    again = client.post(page, back(preview, again="1", **{"table-0-year": "2023-24", "group-0": "-"}))

    assert (again.status_code, BaselineTable.objects.count()) == (200, 0)
    assert "You left it out." in text_of(again)
    assert again.context["sheet"].found[0].lines == {"english_learner": (3, 2, 4, 1)}


def test_group_nobody_knows_has_to_be_said_and_is_then_used(client, page, ana_applicant):
    client.force_login(ana_applicant)
    preview = client.post(page, {"files": [a_file("Gifted", "2024-2025,1%,5,6,7%,8,9")]})
    assert "Say which student group this table is about." in text_of(preview)
    assert "No numbers could be used." in text_of(preview)

    again = client.post(page, back(preview, **{"group-0": "migrant"}))
    client.post(page, back(again, use="1"))

    assert counts() == {("mathematics", "2024-25", "migrant"): [8, 6, 9, 5]}


def test_columns_said_to_be_other_levels_are_read_so(client, page, ana_applicant):
    client.force_login(ana_applicant)
    preview = client.post(page, {"paste": "Group\tCopper\tSilver\tGold\nWhite\t3\t2\t1"})

    again = client.post(page, back(preview, **{"column-0": "2", "column-1": "1", "column-2": "3"}))
    missing = client.post(page, back(again, use="1"))
    assert missing.status_code == 422
    assert [found.errors for found in missing.context["sheet"].found] == [{"subject": "Choose a subject."}]
    twice = client.post(page, back(preview, **{"column-0": "1", "column-1": "1", "column-2": "3"}))
    assert "Two columns are said to be the same level." in text_of(twice)

    place = {"table-0-subject": "ela", "table-0-grades": "6-8", "table-0-year": "2024–25", "name-1": "Ag"}
    client.post(page, back(again, use="1", **place))

    assert counts() == {("ela", "2024-25", "white"): [2, 3, 1]}
    assert BaselineTable.objects.get().level_names == ["Ag", "Copper", "Gold"]


def test_workbook_with_groups_in_lines_is_read(client, page, ana_applicant):
    client.force_login(ana_applicant)
    rows = [["Group", "Level 1", "Level 2", "Tested"], ["White", 10, 20, 30], ["Asian", "*", 5, None]]
    upload = SimpleUploadedFile("Harbor Math 6-8 2024-25.xlsx", a_workbook(rows))

    client.post(page, back(client.post(page, {"files": [upload]}), use="1"))

    assert counts() == {
        ("mathematics", "2024-25", "white"): [10, 20],
        ("mathematics", "2024-25", "asian"): [None, 5],
    }


def test_numbers_join_the_table_there_is_and_the_preview_says_so(client, page, proposal, ana_applicant):
    client.force_login(ana_applicant)
    names = ["Novice", "Nearing", "Proficient", "Advanced"]
    facts = some_results(level_names=names, counts={"asian": [1, 2, 3, 4]})
    save_table(proposal, facts, actor=ana_applicant, at=NOON, version=0)
    preview = client.post(page, {"files": [a_file("White", "2025-2026,1%,5,6,7%,8,9")]})

    assert "You have this table. The groups below replace theirs, the others stay." in text_of(preview)
    client.post(page, back(preview, use="1"))

    assert counts() == {
        ("mathematics", "2025-26", "asian"): [1, 2, 3, 4], ("mathematics", "2025-26", "white"): [8, 6, 9, 5]
    }  # fmt: skip


def test_colleague_who_saved_meanwhile_is_named_and_the_numbers_wait(
    client, page, proposal, ana_applicant, ben_colleague
):
    client.force_login(ana_applicant)
    preview = client.post(page, {"files": files()})
    save_table(proposal, some_results(), actor=ben_colleague, at=NOON, version=0)

    late = client.post(page, back(preview, use="1"))

    assert (late.status_code, f"{ben_colleague} saved baseline results meanwhile." in text_of(late)) == (409, True)
    client.post(page, back(late, use="1"))
    assert BaselineTable.objects.count() == 3


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (
            SimpleUploadedFile("a.pdf", PDF),
            "a.pdf is no table we can read. Save it as Excel workbook (.xlsx) or as CSV.",
        ),
        (SimpleUploadedFile("a.xlsx", PDF), "a.xlsx: This file is not what its name says"),
        (SimpleUploadedFile("a.csv", b"1," * 1_200_000), "a.csv is too large for a table of numbers."),
    ],
    ids=["kind", "mismatch", "size"],
)
def test_file_that_is_no_table_is_refused_in_words(upload, sentence, client, page, ana_applicant):
    upload.seek(0)
    client.force_login(ana_applicant)

    response = client.post(page, {"files": [upload]})

    assert (response.status_code, sentence in text_of(response)) == (422, True)


@pytest.mark.parametrize(
    "tables", ["", "nonsense", "[1]", "{}", '[["a", [[1]], 0, 4]]', json.dumps([["a", 5, False]]), "[" * 5000]
)
def test_preview_that_comes_back_broken_asks_for_the_files_again(tables, client, page, ana_applicant):
    client.force_login(ana_applicant)

    response = client.post(page, {"tables": tables, "use": "1"})

    assert (response.status_code, "Send the files again." in text_of(response)) == (422, True)
