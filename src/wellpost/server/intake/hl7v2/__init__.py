"""Intake that lives: HL7 v2 ADT messages over MLLP, each one transaction, acknowledged after it."""
