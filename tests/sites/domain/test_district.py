"""The list of districts: what is read from the files NCES publishes, and what is said of the rows that cannot be used."""

import io
import tracemalloc
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from portal.jobs.domain import cancel, run
from portal.jobs.enums import JobState
from portal.jobs.handlers import handler_of
from sites.domain.district import JOB, load_districts, receive_list
from sites.domain.queries.district import find_districts
from sites.models import District
from sites.tasks import load_list_of_districts
from tests.conftest import NOON
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
HEADER = "SCHOOL_YEAR,ST,LEA_NAME,LEAID,LCITY,SY_STATUS_TEXT,MEMBER"
HARBOR = "2025-2026,MA,Harbor County,2599001,Harborton,Open,25726"


def a_file(*lines, header=HEADER, encoding="utf-8"):
    return io.BytesIO("\r\n".join([header, *lines]).encode(encoding))


def an_archive(**files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.csv", content)
    packed.seek(0)
    return packed


def rows():
    return list(District.objects.values_list("leaid", "name", "city", "state", "students"))


def test_list_loaded_keeps_each_district():
    loaded = load_districts(a_file(HARBOR, "2025-2026,al,Mobile Bay,0199002,Mobile,Open,-1"))

    assert rows() == [
        ("0199002", "Mobile Bay", "Mobile", "AL", None),
        ("2599001", "Harbor County", "Harborton", "MA", 25726),
    ]
    assert loaded.sentences() == ["2 districts loaded, 2 of them new."]


def test_list_loaded_again_updates_and_keeps_students_it_does_not_know():
    load_districts(a_file(HARBOR))

    loaded = load_districts(a_file("MA,Harbor County Public Schools,2599001", header="st,lea_name,leaid"))

    assert rows() == [("2599001", "Harbor County Public Schools", "", "MA", 25726)]
    assert loaded.sentences() == [
        "1 district loaded, 0 of them new.",
        "The file has no numbers of students; those known before stay.",
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "latin-1"])
def test_list_in_any_of_its_encodings_is_read(encoding):
    load_districts(a_file('NM,"Cañada, Unified",3599001', header="St,Lea_Name,LeaId", encoding=encoding))

    assert District.objects.get().name == "Cañada, Unified"


def test_list_in_an_archive_is_read():
    load_districts(an_archive(ccd_lea_029=a_file(HARBOR).getvalue()))

    assert District.objects.get().leaid == "2599001"


def test_id_that_lost_its_zero_in_a_spreadsheet_gets_it_back():
    load_districts(a_file("2025-2026,AL,Mobile Bay,199002,Mobile,Open,10"))

    assert District.objects.get().leaid == "0199002"


def test_rows_that_cannot_be_used_are_counted_with_the_reason_and_the_first_line():
    loaded = load_districts(
        a_file(
            HARBOR,
            "2025-2026,BI,Bureau School,5900001,X,Open,5",
            "2025-2026,BI,Bureau School 2,5900002,X,Open,5",
            "2025-2026,MA,Short,25,X,Open,5",
            "2025-2026,MA,Elsewhere,3699001,X,Open,5",
            "2025-2026,MA, ,2599002,X,Open,5",
            "2025-2026,MA,Gone,2599003,X,Closed,5",
            HARBOR,
        )
    )

    assert (loaded.used, loaded.rows) == (1, 8)
    assert loaded.sentences()[1:] == [
        "2 rows were not used: not in a state, the District of Columbia or a territory (the first is line 3).",
        "1 row was not used: no district id of 7 digits (the first is line 5).",
        "1 row was not used: a district id of another state (the first is line 6).",
        "1 row was not used: no name (the first is line 7).",
        "1 row was not used: closed, or not open yet (the first is line 8).",
        "1 row was not used: the same district once more (the first is line 9).",
    ]


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (a_file(header="NAME,STATE"), "names no column LEAID"),
        (io.BytesIO(b"\x89PNG\r\n\0\0"), "no list of districts"),
        (io.BytesIO(b"x" * 200_000), "no list of districts"),
        (io.BytesIO(b"PK\x03\x04broken"), "cannot be opened"),
        (an_archive(), "no CSV files"),
        (an_archive(one="a", two="b"), "2 CSV files"),
        (a_file("2025-2026,BI,Bureau School,5900001,X,Open,5"), "No row of this file could be used"),
    ],
)
def test_file_that_is_no_list_is_refused_with_a_sentence(file, says):
    with pytest.raises(ValidationError, match=says):
        load_districts(file)

    assert rows() == []


def test_list_of_20_000_rows_is_loaded_in_bounded_memory():
    lines = (f"2025-2026,TX,District {n} Independent,48{n:05d},Town,Open,{n}" for n in range(20_000))
    packed = an_archive(big="\n".join([HEADER, *lines]))
    tracemalloc.start()

    loaded = load_districts(packed)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (loaded.used, District.objects.count()) == (20_000, 20_000)
    assert peak < 16 * 1024 * 1024


def test_command_says_what_it_did_and_refuses_other_files(tmp_path, capsys):
    path = tmp_path / "list.csv"
    path.write_bytes(a_file(HARBOR).getvalue())

    call_command("load_districts", path)

    assert capsys.readouterr().out == "1 district loaded, 1 of them new.\n"
    path.write_text("nothing")
    for name in (path, tmp_path / "missing.csv"):
        with pytest.raises(CommandError):
            call_command("load_districts", name)


# --- the job ---


def upload(*lines):
    return SimpleUploadedFile("list.csv", a_file(*lines).getvalue())


def test_list_received_is_loaded_by_a_worker(ada_admin):
    assert handler_of(JOB).run is load_list_of_districts
    job = receive_list(upload(HARBOR), actor=ada_admin, at=NOON)

    done = run(str(job.pk))

    assert (done.state, done.outcome["sentences"]) == (JobState.DONE, ["1 district loaded, 1 of them new."])
    assert District.objects.count() == 1


def test_list_received_without_a_usable_row_ends_the_job_with_a_sentence(omar_officer):
    job = receive_list(upload("2025-2026,BI,Bureau School,5900001,X,Open,5"), actor=omar_officer, at=NOON)

    done = run(str(job.pk))

    assert (done.state, done.failure.startswith("No row of this file could be used.")) == (JobState.FAILED, True)


def test_list_is_not_received_twice_at_once_nor_from_others(ada_admin, ana_applicant):
    receive_list(upload(HARBOR), actor=ada_admin, at=NOON)

    with refuses("A list is being loaded right now. Wait until it is done."):
        receive_list(upload(HARBOR), actor=ada_admin, at=NOON)
    with refuses("Only administrators and program officers load the list of districts."):
        receive_list(upload(HARBOR), actor=ana_applicant, at=NOON)


def test_file_of_a_cancelled_upload_is_gone_with_the_next_one(ada_admin):
    first = receive_list(upload(HARBOR), actor=ada_admin, at=NOON)
    cancel(first, actor=ada_admin, at=NOON)

    second = receive_list(upload(HARBOR), actor=ada_admin, at=NOON)

    assert [default_storage.exists(job.facts["path"]) for job in (first, second)] == [False, True]


# --- looking one up ---


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("harb", ["Harbor County", "North Harbor"]),
        ("county harbor", ["Harbor County"]),
        ("25990", ["Harbor County", "North Harbor"]),
        ("ashby", ["North Harbor"]),
        ("h", []),
        ("", []),
        ("%", []),
    ],
)
def test_district_is_found_by_what_was_typed_in_its_state_only(text, found):
    load_districts(
        a_file(
            HARBOR,
            "2025-2026,MA,North Harbor,2599002,Ashby,Open,5",
            "2025-2026,NY,Harbor of Another State,3699001,X,Open,5",
        )
    )

    assert [each.name for each in find_districts("MA", text)] == found
