"""Messages, the work on them, the people in them and who looked, as FHIR R4 knows them."""
