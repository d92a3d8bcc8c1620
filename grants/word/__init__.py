"""Files for Word: pure functions from facts to DOCX bytes."""
