"""What other apps' routes use: `serve` a document they have shown their reader in for."""

from .serve import serve

__all__ = ["serve"]
