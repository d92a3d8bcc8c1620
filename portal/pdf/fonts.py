"""The fonts of printed documents: one TrueType file per face, built once into `var/fonts` from the npm packages.

WeasyPrint works about twice as fast with TrueType as with WOFF2, and it misprints a family that is split over several
files by script, so every face is one whole file.
"""

import io
import os
import tempfile
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from django.conf import settings
from fontTools.ttLib import TTFont

# The file that is written: the file in node_modules that it is made from.
FACES = {
    "SerifText-Regular.ttf": "source-serif/TTF/SourceSerif4-Regular.ttf",
    "SerifText-Italic.ttf": "source-serif/TTF/SourceSerif4-It.ttf",
    "SerifText-Semibold.ttf": "source-serif/TTF/SourceSerif4-Semibold.ttf",
    "SerifDisplay-Semibold.ttf": "source-serif/TTF/SourceSerif4Display-Semibold.ttf",
    "Sans-Regular.ttf": "inter-ui/web/Inter-Regular.woff2",
    "Sans-SemiBold.ttf": "inter-ui/web/Inter-SemiBold.woff2",
}
# Fontconfig reads this one instead of the machine's own, so a document never depends on what else is installed.
CONFIGURATION = "fonts.conf"


def folder() -> Path:
    """Where the built files are."""
    return Path(settings.VAR_DIR) / "fonts"


def build() -> list[Path]:
    """Write the faces that are not there yet and the Fontconfig file; returns what was written.

    Each file appears whole or not at all, so two processes may build at once.
    Raises FileNotFoundError, naming the file, when the npm packages are not installed.
    """
    target = folder()
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for name, source in FACES.items():
        if not (target / name).exists():
            _replace(target / name, _converted(Path(settings.NODE_MODULES) / source))
            written.append(target / name)
    configuration = _configuration(target)
    path = target / CONFIGURATION
    if not path.exists() or path.read_bytes() != configuration:
        _replace(path, configuration)
        written.append(path)
    return written


def prepare() -> None:
    """Build what is missing and tell Fontconfig where to look; it reads its environment when WeasyPrint loads it."""
    build()
    os.environ["FONTCONFIG_FILE"] = str(folder() / CONFIGURATION)


@cache
def covered() -> frozenset[str]:
    """Every character that at least one of the faces can print."""
    text = ("SerifText-Regular.ttf", "Sans-Regular.ttf")
    return frozenset(chr(code) for name in text for code in TTFont(folder() / name).getBestCmap())


def _converted(source: Path) -> bytes:
    font = TTFont(source, recalcTimestamp=False)
    font.flavor = None
    file = io.BytesIO()
    font.save(file)
    return file.getvalue()


def _replace(path: Path, content: bytes) -> None:
    handle, draft = tempfile.mkstemp(dir=path.parent, suffix=".draft")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(draft).chmod(0o644)
    Path(draft).replace(path)


def _configuration(target: Path) -> bytes:
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'
        f"<fontconfig><dir>{escape(str(target))}</dir>"
        f"<cachedir>{escape(str(target / 'cache'))}</cachedir></fontconfig>\n"
    ).encode()
