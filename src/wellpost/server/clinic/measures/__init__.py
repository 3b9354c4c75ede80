"""The clinic's pages of measures: where each clinician stands and whom to write to next."""
