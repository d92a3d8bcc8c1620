"""Filters of the mail log."""
