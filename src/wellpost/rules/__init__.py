"""What programs ask: dated values, each with its citation and its words. Knows no evidence."""
