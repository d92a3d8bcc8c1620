"""What files may be, and what the virus scanner said of them."""

from django.db.models import TextChoices


class Scan(TextChoices):
    """A file with a finding is refused, so it never has a row."""

    NONE = "none", "Not scanned: no scanner is set up"
    CLEAN = "clean", "Scanned, nothing found"
    ISSUED = "issued", "Made by the portal"


class ContentType(TextChoices):
    """The kinds of files the portal keeps."""

    PDF = "application/pdf", "PDF"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel workbook"
    PNG = "image/png", "PNG picture"
    JPEG = "image/jpeg", "JPEG picture"
