"""Formats of others, one folder each: a reader makes facts, a writer writes reports."""
