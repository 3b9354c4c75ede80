"""A scorecard as one page: no network, no other file, and a script for nothing but sorting."""
