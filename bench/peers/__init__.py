"""The same messaging measure on the same FHIR patients, here and by other programs."""
