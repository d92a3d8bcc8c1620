"""The house keeps its shape: small files, no left-overs, no page that nobody shows."""

import re
import subprocess
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
APPS = ("portal", "sites", "grants", "reporting")
LONGEST = 400


def _tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    return [ROOT / name for name in listed if (ROOT / name).exists()]


def _sources() -> list[Path]:
    return [path for path in _tracked("*.py") if "migrations" not in path.parts]


def test_python_files_are_short():
    lengths = {path: len(path.read_text().splitlines()) for path in _sources()}

    too_long = {str(path.relative_to(ROOT)): length for path, length in lengths.items() if length > LONGEST}

    assert too_long == {}
    assert median(length for length in lengths.values() if length) < 90


def test_every_module_says_what_belongs_in_it():
    silent = [
        str(path.relative_to(ROOT))
        for path in _sources()
        if path.read_text().strip() and not path.read_text().startswith(('"""', "#!"))
    ]

    assert silent == []


def test_there_are_no_left_overs():
    marks = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b|breakpoint\(\)|except:\s|raise NotImplemented" r"Error")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in [*_sources(), *_tracked("*.html", "*.js", "*.css")]
        for line in path.read_text().splitlines()
        if marks.search(line)
    ]

    assert found == []


def test_templates_have_no_inline_script_or_style():
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in _tracked("templates/*.html")
        if not {"email", "pdf"} & set(path.parts)
        for match in inline.finditer(path.read_text())
    ]

    assert found == []


# Templates that a package looks up by name, without any of our files saying it.
_LOOKED_UP = ("allauth/", "account/", "mfa/", "usersessions/", "bootstrap5/", "django_filters/", "400.html", "403.html",
              "404.html", "500.html")  # fmt: skip


def test_every_template_is_used():
    sources = "\n".join(path.read_text() for path in [*_sources(), *_tracked("templates/*")] if path.is_file())
    names = [str(path.relative_to(ROOT / "templates")) for path in _tracked("templates/*")]

    unused = [
        name
        for name in names
        if not name.startswith(_LOOKED_UP) and f"{name}" not in sources and not _mail_part_in_use(name, sources)
    ]

    assert unused == []


def _mail_part_in_use(name: str, sources: str) -> bool:
    return (name.startswith("email/") and f'"{Path(name).stem}"' in sources) or "base" in name


def test_no_registry_address_stands_in_a_lock_file():
    for name in ("requirements.lock", "requirements-dev.lock", "package-lock.json"):
        assert re.search(r"https?://[^\s\"]*(pypi|npmjs|pythonhosted)", (ROOT / name).read_text()) is None


@pytest.mark.parametrize("app", APPS)
def test_apps_have_only_the_rooms_of_the_house(app):
    rooms = {"__init__.py", "apps.py", "admin.py", "enums.py", "rules.py", "workflow.py", "signals.py", "tasks.py", "urls.py",
             "models", "domain", "forms", "views", "filters", "tables", "migrations", "__pycache__"}  # fmt: skip
    # The kernel's own modules, and what only one app has.
    extra = {
        "portal": None,
        "sites": {"identifiers.py", "results", "suppression.py"},
        # What is handed out as paper: pure functions from facts to PDF bytes and to Word files, as reporting has them.
        "grants": {"pdf", "word"},
        "reporting": {"gaps", "suppression.py", "trend.py", "charts", "pdf"},
    }[app]
    if extra is None:
        return

    found = {path.name for path in (ROOT / app).iterdir()}

    assert found - rooms - extra == set()
