"""FHIR R4 for other systems: what is measured, and each measure's report when it is asked for."""
