"""What the grants app tells the apps above it."""

from django.dispatch import Signal

# Sent in the transaction in which a director's approval made an award with its five years.
# Arguments: award, actor, at.
award_made = Signal()

# Sent in the transaction in which an approved amendment changed an award, its years or its amounts by component.
# Arguments: award, amendment, actor, at.
award_amended = Signal()
