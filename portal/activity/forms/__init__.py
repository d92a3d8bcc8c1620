"""Filters of the activity log."""
