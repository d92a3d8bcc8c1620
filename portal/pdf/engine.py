"""The one place that drives WeasyPrint; loaded by `portal.pdf.render.preload`, in workers only."""

import gc
import logging
import unicodedata
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path

import weasyprint
from django.conf import settings
from weasyprint.logger import LOGGER, PROGRESS_LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from portal.pdf import fonts
from portal.pdf.fetcher import PortalFetcher
from portal.pdf.finisher import finish
from portal.pdf.render import RenderFailed

STYLE_SHEET = "portal:static/css/pdf.css"
VARIANT = "pdf/a-3a"
# Printed for a character that no face has: PDF/A forbids the font's own box for "missing".
UNPRINTABLE = "□"
# It reports every step of every page.
PROGRESS_LOGGER.setLevel(logging.WARNING)
_SVG = "{http://www.w3.org/2000/svg}"


class Engine:
    """Fonts and style sheet, loaded once and shared by every document of the process."""

    def __init__(self):
        self._folders = {"static": Path(settings.BASE_DIR) / "static", "fonts": fonts.folder()}
        self._fonts = FontConfiguration()
        self._sheet = weasyprint.CSS(url=STYLE_SHEET, url_fetcher=PortalFetcher(self._folders), font_config=self._fonts)

    def render(self, html, *, title, created, language, attachments, pictures):
        """See `portal.pdf.render.render`."""
        moment = created.astimezone(UTC)
        with _no_collection(), _nothing_missing():
            page = weasyprint.HTML(string=printable(html), url_fetcher=PortalFetcher(self._folders, pictures))
            page.etree_element.set("lang", language)
            _describe_figures(page.etree_element)
            document = page.render(stylesheets=[self._sheet], font_config=self._fonts, pdf_variant=VARIANT)
            facts = document.metadata
            facts.title, facts.lang = printable(title), language
            facts.created = facts.modified = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
            facts.attachments = [
                weasyprint.Attachment(
                    string=file.content,
                    name=file.name,
                    description=file.description,
                    relationship=file.relationship,
                    created=moment,
                    modified=moment,
                )
                for file in attachments
            ]
            return document.write_pdf(finisher=finish, pdf_variant=VARIANT)


def printable(text: str) -> str:
    """`text` with every character the fonts lack replaced: a space, nothing, or a box, by what it is."""
    unknown = set(text) - fonts.covered() - {"\n", "\r", "\t"}
    return text.translate({ord(character): _stand_in(character) for character in unknown}) if unknown else text


def _stand_in(character: str) -> str:
    category = unicodedata.category(character)
    if category.startswith("Z"):
        return " "
    if category in ("Cc", "Cf", "Mn", "Me"):
        return ""
    return UNPRINTABLE


def _describe_figures(root) -> None:
    """Give each drawing one alternative text: its title and its description together. WeasyPrint reads only the title.

    Raises ValueError for a drawing without a title: nobody could hear what it shows.
    """
    for drawing in root.iter(f"{_SVG}svg"):
        name, description = drawing.find(f"{_SVG}title"), drawing.find(f"{_SVG}desc")
        if name is None or not (name.text or "").strip():
            raise ValueError("Every drawing in a document needs a title.")
        if description is not None and description.text:
            name.text = f"{name.text.strip()}. {description.text.strip()}"


@contextmanager
def _no_collection():
    """A document is one big graph of objects that all live to its end: looking for garbage in it is lost time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()


class _Complaints(logging.Handler):
    """Gathers WeasyPrint's errors: each stands for something that is then missing from the document."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.texts = []

    def emit(self, record):
        self.texts.append(record.getMessage())


@contextmanager
def _nothing_missing():
    """WeasyPrint goes on without a picture, a drawing or a link that fails; an official paper must not."""
    complaints = _Complaints()
    LOGGER.addHandler(complaints)
    try:
        yield
    except FatalURLFetchingError as error:
        raise RenderFailed("The document asked for something outside the portal, so it was not made.") from error
    finally:
        LOGGER.removeHandler(complaints)
    if complaints.texts:
        raise RenderFailed("Part of the document could not be drawn, so it was not made.") from RuntimeError(
            "; ".join(complaints.texts)
        )
