"""FHIR R4 resources in plain words, for people to read."""

from .sections import DIRECTORY, SECTIONS, concept_of, section_of

__all__ = ["DIRECTORY", "SECTIONS", "concept_of", "section_of"]
