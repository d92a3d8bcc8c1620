"""Writing the zip of a proposal's record: one file after another, never more of one in memory than a piece."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO

from portal.documents.models import Document

_PIECE = 1 << 20
_LONGEST_STEM = 80
# Not in file names of one system or another, or not to be seen in them.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
# Names that Windows keeps for its devices, whatever follows the dot.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def safe_name(name: str) -> str:
    """A file name that every system takes and that shows what it is: no folders, no hidden or turning characters."""
    text = "".join(
        each for each in unicodedata.normalize("NFC", name) if unicodedata.category(each) not in ("Cf", "Cs")
    )
    text = " ".join(_FORBIDDEN.sub("-", text).split()).strip(". ")
    stem, dot, extension = text.rpartition(".")
    if not dot or len(extension) > 8:
        stem, dot, extension = text, "", ""
    stem = stem[:_LONGEST_STEM].strip(". ") or "file"
    if _RESERVED.fullmatch(stem):
        stem = f"{stem}-file"
    return f"{stem}{dot}{extension}"


@dataclass(frozen=True)
class Entry:
    """A file of the zip as its index lists it."""

    path: str
    what: str
    size: int
    sha256: str


@dataclass
class RecordFiles:
    """An open zip with the index of what is in it. `folder` is the one folder everything lies in."""

    archive: zipfile.ZipFile
    folder: str
    at: datetime
    entries: list[Entry] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def add(self, path: str, content: bytes, what: str) -> None:
        """Add a file that is small enough to be at hand."""
        with self._opened(path) as member:
            member.write(content)
        self.entries.append(Entry(path, what, len(content), hashlib.sha256(content).hexdigest()))

    def add_document(self, path: str, document: Document, what: str) -> None:
        """Add a stored file, piece by piece; one that storage has lost is named in the index instead."""
        size, sha256 = 0, hashlib.sha256()
        try:
            stored = document.file.open("rb")
        except FileNotFoundError:
            self.missing.append(f"{path}: {what}")
            return
        with stored, self._opened(path) as member:
            while piece := stored.read(_PIECE):
                member.write(piece)
                sha256.update(piece)
                size += len(piece)
        self.entries.append(Entry(path, what, size, sha256.hexdigest()))

    def close(self, opening: str) -> None:
        """Write the index, which begins with `opening`."""
        lines = [opening, ""]
        for each in self.entries:
            lines += [each.path, f"    {each.what}", f"    {each.size:,} bytes, SHA-256 {each.sha256}", ""]
        if self.missing:
            lines += ["Not here, because the file is lost. Please tell us:", *self.missing, ""]
        with self._opened("index.txt") as member:
            member.write("\r\n".join(lines).encode("utf-8-sig"))
        self.archive.close()

    @contextmanager
    def _opened(self, path: str) -> Iterator[IO[bytes]]:
        """A new member, dated in UTC, as archives have no zones."""
        moment = self.at.utctimetuple()[:6]
        info = zipfile.ZipInfo(f"{self.folder}/{path}", moment)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        with self.archive.open(info, "w", force_zip64=True) as member:
            yield member
