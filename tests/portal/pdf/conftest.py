"""Fixtures of the print kit's tests."""

import io

import pytest
from PIL import Image


@pytest.fixture
def tiny_png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (4, 4), "#12514d").save(file, "PNG")
    return file.getvalue()
