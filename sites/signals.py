"""What coalitions tell the apps above them."""

from django.dispatch import Signal

# Sent inside the transaction that changed what a coalition's proposals take over (partners, schools, fiscal agent, its
# own facts), before the act is logged. Arguments: site (locked), actor, at, what (`the school district’s EIN`).
coalition_changed = Signal()
