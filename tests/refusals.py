"""Expecting a refusal word for word, because people read it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from portal.access import Refused


@contextmanager
def refuses(text: str) -> Iterator[None]:
    """The block must raise `Refused` with exactly this text."""
    with pytest.raises(Refused) as raised:
        yield
    assert str(raised.value) == text
