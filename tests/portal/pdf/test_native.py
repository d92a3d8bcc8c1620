"""The system libraries behind PDFs: found, or named; and WeasyPrint stays out of web processes."""

import os
import subprocess
import sys

from portal.pdf.native import LIBRARIES, check_native_libraries, missing_packages


def test_nothing_is_missing_here():
    assert missing_packages() == []
    assert check_native_libraries(None) == []


def test_a_missing_library_is_named_by_its_package():
    assert missing_packages({"libnowhere.so.0": "libnowhere0", **LIBRARIES}) == ["libnowhere0"]


def test_check_with_missing_libraries_refuses_with_the_command(monkeypatch):
    monkeypatch.setitem(LIBRARIES, "libnowhere.so.0", "libnowhere0")

    [error] = check_native_libraries(None)

    assert error.id == "portal.E010"
    assert error.hint == "Run: apt-get install libnowhere0"


def test_modules_that_web_processes_import_do_not_load_weasyprint():
    script = (
        "import django, sys; django.setup()\n"
        "import portal.pdf.bounded, portal.pdf.render, reporting.pdf.annual_report, reporting.charts\n"
        "print(sorted({'weasyprint', 'fontTools'} & set(sys.modules)))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert printed == "[]\n"
