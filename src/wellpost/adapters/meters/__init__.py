"""Meters: the CSV files that glucose and blood-pressure meters and their apps write."""

from .reader import readings_of
from .tables import KNOWN

__all__ = ["KNOWN", "readings_of"]
