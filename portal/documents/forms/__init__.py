"""The form field for uploads."""

from .upload import UploadField

__all__ = ["UploadField"]
