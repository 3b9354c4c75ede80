"""Taking conversations away: all that were written with a patient, or one, as PDF or FHIR."""
