"""The print kit: turns HTML into archival, accessible PDF files, inside limits, with nothing fetched from outside."""
