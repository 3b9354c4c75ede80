"""Data from home: what patients and their devices bring, until a clinician takes it in."""
