"""Filters of the pages about data from home."""
