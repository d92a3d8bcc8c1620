"""People and the roles they were granted."""

from .role import RoleGrant
from .user import User

__all__ = ["RoleGrant", "User"]
