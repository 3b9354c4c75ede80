"""Wellpost: a practice writes to its patients securely, and sees the engagement counted."""

__version__ = "0.1.0"
