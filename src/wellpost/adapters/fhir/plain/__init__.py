"""FHIR R4 resources in plain words, for people to read."""

from .documents import attachments_of, bytes_of
from .entries import Entry, File, Measured
from .measuring import interpretation, measured, usual_range
from .saying import Find, is_date
from .sections import DIRECTORY, SECTIONS, concept_of, section_of
from .telling import entry, is_past

__all__ = [
    "DIRECTORY",
    "SECTIONS",
    "Entry",
    "File",
    "Find",
    "Measured",
    "attachments_of",
    "bytes_of",
    "concept_of",
    "entry",
    "interpretation",
    "is_date",
    "is_past",
    "measured",
    "section_of",
    "usual_range",
]
