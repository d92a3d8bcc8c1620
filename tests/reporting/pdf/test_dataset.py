"""The data that travels inside a report."""

import csv
import io
import json
from dataclasses import replace

from reporting.pdf import dataset
from reporting.pdf.facts import GroupResult
from tests.reporting.pdf import cases


def test_json_holds_everything_that_is_printed():
    content = json.loads(dataset.json_bytes(cases.full()))

    assert content["layout"] == "throughline-annual-report/1"
    assert content["issued_at"] == "2027-09-14T15:42:00-04:00"
    assert content["money"][1]["lines"][1]["actual"] == "61480.75"
    assert content["indicators"][0]["groups"][7]["proficient"] == "42.0 %"
    assert content["certifications"][1]["name"] == "Łukasz Wiśniewski"


def test_csv_holds_one_figure_a_row():
    rows = list(csv.reader(io.StringIO(dataset.attachments(cases.full())[1].content.decode("utf-8-sig"))))

    assert rows[0] == ["section", "subject", "school_year", "group", "measure", "value"]
    assert ["results", "Mathematics, grades 3-8", "2026-27", "White", "at Proficient or above", "42.0 %"] in rows
    assert ["money", "Family and Community Partnerships", "2026-27", "", "spent in dollars", "61480.75"] in rows
    assert [
        "gaps", "Mathematics, grades 3-8", "2026-27", "White and Black or African American",
        "gap in points", "32.3 points",
    ] in rows  # fmt: skip


def test_csv_has_no_row_for_what_is_unknown():
    measures = [row[4] for row in dataset.rows(cases.full()) if row[:3] == ("money", cases.COHERENCE[1], "2027-28")]

    assert measures == ["budget in dollars"]


def test_neither_file_holds_what_is_hidden():
    hidden = GroupResult("Asian", "fewer than 10", ("33.3 %", "66.7 %"), "n<10")
    facts = replace(cases.full(), indicators=(replace(cases.MATHEMATICS, groups=(hidden,), gaps=()),))

    for file in dataset.attachments(facts):
        assert b"33.3" not in file.content
        assert b"n<10" in file.content


def test_files_are_named_after_the_report():
    assert [file.name for file in dataset.attachments(cases.short())] == ["r-2026-0044.json", "r-2026-0044.csv"]
