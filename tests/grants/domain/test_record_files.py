"""File names of a record's zip: whatever people upload, every system can unpack it and nothing leaves its folder."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.record_files import RecordFiles, safe_name
from tests.conftest import NOON


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("..\\..\\windows\\system.ini", "-..-windows-system.ini"),
        ("/absolute.pdf", "-absolute.pdf"),
        ("C:evil.pdf", "C-evil.pdf"),
        ("CON.pdf", "CON-file.pdf"),
        ("aux", "aux-file"),
        (".hidden", "hidden"),
        ("...", "file"),
        ("", "file"),
        ("a\x00b\nc.pdf", "a-b-c.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("Łukasz Wiśniewski Dvořák.docx", "Łukasz Wiśniewski Dvořák.docx"),
        ("学校.pdf", "学校.pdf"),
        ("x" * 140 + ".pdf", "x" * 80 + ".pdf"),
    ],
)
def test_safe_name_of(name, safe):
    assert safe_name(name) == safe


@given(st.text(max_size=200))
def test_safe_name_never_leads_anywhere(name):
    safe = safe_name(name)

    assert 0 < len(safe) < 100
    assert not set(safe) & set('<>:"/\\|?*\x00\n')
    assert safe not in {".", ".."}
    assert not safe.startswith(".")


def test_index_names_every_file_with_its_fingerprint():
    kept = io.BytesIO()
    files = RecordFiles(zipfile.ZipFile(kept, "w"), "P-2026-0001", NOON)
    files.add("a.txt", b"hello", "Words")

    files.close("Opening")

    with zipfile.ZipFile(kept) as made:
        assert made.namelist() == ["P-2026-0001/a.txt", "P-2026-0001/index.txt"]
        index = made.read("P-2026-0001/index.txt").decode("utf-8-sig")
    assert "a.txt\r\n    Words\r\n    5 bytes, SHA-256 2cf24dba5fb0a30e" in index
