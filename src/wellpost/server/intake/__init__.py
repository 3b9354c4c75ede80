"""How visits come in: FHIR exports, a CSV of the day, one by hand."""
