"""Drawing an uploaded picture anew, so that nothing but its pixels is kept."""

from __future__ import annotations

import io
import warnings

from django.core.exceptions import ValidationError
from PIL import Image, ImageFile, ImageOps

# What a picture may have before it is opened: a JPEG is decoded at a fraction of its size, a PNG only whole.
MOST_PIXELS = {"PNG": 24_000_000, "JPEG": 50_000_000}
# What it has when it is kept: a full page at 300 dots an inch.
LONGEST_SIDE = 2400
JPEG_QUALITY = 88
_MODES = {"PNG": ("L", "LA", "RGB", "RGBA"), "JPEG": ("L", "RGB")}
_UNREADABLE = "This picture cannot be read. Open it, save it again as a PNG or JPEG, and upload that."


def redraw(content: bytes, *, form: str) -> bytes:
    """The picture as a fresh PNG or JPEG (`form`): upright, at most 2400 pixels on a side, without its metadata.

    Raises ValidationError when it is not such a picture, or has too many pixels to be opened safely.
    """
    # The PDF maker, once loaded, lets Pillow pass broken pictures in the whole process; an upload must not profit by it.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        # Pillow warns about a picture that is suspiciously large; the limit below is lower and final.
        with warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning):
            picture = Image.open(io.BytesIO(content), formats=[form])
    except (Image.UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise ValidationError(_UNREADABLE, code="unreadable") from error
    if picture.width * picture.height > MOST_PIXELS[form]:
        raise ValidationError(
            "This picture has too many pixels. Make it smaller than %(millions)d million pixels and upload that.",
            code="too_many_pixels",
            params={"millions": MOST_PIXELS[form] // 1_000_000},
        )
    try:
        return _drawn(picture, form)
    except (OSError, SyntaxError, ValueError) as error:
        raise ValidationError(_UNREADABLE, code="unreadable") from error


def _drawn(picture: Image.Image, form: str) -> bytes:
    if form == "JPEG":
        # Decodes straight to about the size that is kept, which saves most of the memory.
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    if picture.mode not in _MODES[form]:
        picture = picture.convert(_plain_mode(picture, form))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture)
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    out = io.BytesIO()
    clean.save(out, form, optimize=True, **({"quality": JPEG_QUALITY} if form == "JPEG" else {}))
    return out.getvalue()


def _plain_mode(picture: Image.Image, form: str) -> str:
    """Palettes, CMYK, 16 bits and the like become plain colour; transparency is kept where the form knows it."""
    return "RGBA" if form == "PNG" and picture.has_transparency_data else "RGB"
