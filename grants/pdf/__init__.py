"""The documents of grants: pure functions from facts to PDF bytes."""
