"""Encrypts what signs people in before it is stored, so that a copy of the database signs nobody in."""

import base64

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"portal.accounts: second factors"


def encrypt(text: str) -> str:
    """The text, sealed under a key made from SECRET_KEY."""
    return _box().encrypt(text.encode()).decode("ascii")


def decrypt(sealed: str) -> str:
    """The text again. Raises cryptography.fernet.InvalidToken when it was sealed under another key or changed."""
    return _box().decrypt(sealed.encode("ascii")).decode()


def _box() -> MultiFernet:
    # Keys that were retired still open what they sealed; the first one seals.
    return MultiFernet([_fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
