"""Signals by which the kernel tells the apps above it what happened."""

from django.dispatch import Signal

# Sent inside the transaction, after a workflow step was saved.
# Arguments: subject (the row), step (portal.workflow.Transition), actor, at, comment, before (the old state).
step_performed = Signal()
