"""A tiny invented list of districts, in the columns of the real one. None of them exists; each says so."""

from __future__ import annotations

from io import BytesIO

from portal.demo import closing, coalitions, letters
from sites.domain.district import load_districts

_MORE = (
    ("MA", "Saltmarsh Regional", "Saltmarsh", 4120),
    ("MA", "Gull Island", "Gull Island", 640),
    ("NM", "Mesa Verde Valley", "Piñon", 2210),
    ("OH", "Millrace City", "Millrace", 11840),
    ("NE", "Bluestem Consolidated", "Bluestem", 1985),
    ("FL", "Egret Bay", "Egret Bay", 30411),
    ("NC", "Laurel Ridge", "Laurel", 7302),
    ("WA", "Alder Creek", "Alder", 5077),
    ("NH", "Summit Cooperative", "Summit", 1466),
    ("MI", "Heron Lake", "Heron Lake", 3894),
)


def load() -> None:
    """Load the list the demo's teams look their district up in."""
    rows = ["ST,LEA_NAME,LEAID,LCITY,MEMBER"]
    for each in (*coalitions.ALL, *closing.ALL, *letters.ALL):
        rows.append(f"{each.state},{each.district},{each.leaid},{each.place},{each.students}")
    for place, (state, name, city, students) in enumerate(_MORE, 50):
        rows.append(f"{state},{name} School District (demo),{coalitions.leaid_of(state, place)},{city},{students}")
    load_districts(BytesIO("\n".join(rows).encode()))
