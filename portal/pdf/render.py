"""HTML in, PDF bytes out. Web processes may import this: WeasyPrint is loaded with the first document only."""

import atexit
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from portal.pdf.native import missing_packages


class RenderFailed(Exception):
    """A document could not be made; the text is a sentence a person can read."""


@dataclass(frozen=True)
class Attachment:
    """A file inside the PDF. `relationship` is PDF/A-3's: Data, Source, Alternative, Supplement or Unspecified."""

    name: str
    content: bytes
    description: str
    relationship: str = "Data"


def render(
    html: str,
    *,
    title: str,
    created: datetime,
    language: str = "en",
    attachments: Sequence[Attachment] = (),
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """A tagged PDF/A-3a and PDF/UA-1 file. The same arguments give the same bytes, in any process.

    `html` is a whole document; `created` is aware and also stamps the attachments; `pictures` are PNG or JPEG content
    that the document may show as `portal:picture/<name>`. Raises RenderFailed when it asks for any other address.
    """
    return preload().render(
        html, title=title, created=created, language=language, attachments=attachments, pictures=pictures or {}
    )


@cache
def preload():
    """The engine with fonts and style sheet ready. A worker calls it before it forks, so its children share it.

    Raises ImproperlyConfigured, naming the packages to install, when a system library is missing.
    """
    if missing := missing_packages():
        raise ImproperlyConfigured(f"PDFs cannot be made. Run: apt-get install {' '.join(missing)}")
    # In this order: the library reads the fonts' configuration once, when it loads.
    import_string("portal.pdf.fonts.prepare")()
    return import_string("portal.pdf.engine.Engine")()


# While the interpreter can still run it: the engine's fonts lie in a temporary folder that goes with it.
atexit.register(preload.cache_clear)
