"""The pages of clinicians and staff."""
