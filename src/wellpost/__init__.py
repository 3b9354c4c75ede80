"""Wellpost: secure messages between a practice and its patients, and the measures counted from them."""

__version__ = "0.1.0"
