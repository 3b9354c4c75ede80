"""FHIR reads and searches a second: the server as it is, and a bare view, in turn."""
