"""The models of the sites app."""

from .component import Component, KeyIssue
from .district import District
from .invitation import Invitation
from .partner import Partner
from .school import School
from .seat import Seat
from .site import Site

__all__ = ["Component", "District", "Invitation", "KeyIssue", "Partner", "School", "Seat", "Site"]
