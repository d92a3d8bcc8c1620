"""The documents of reporting: pure functions from facts to PDF bytes."""
