"""What other apps use: `owns_address` asks whether an e-mail address is a person's."""

from .person import owns_address

__all__ = ["owns_address"]
