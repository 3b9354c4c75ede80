"""The record for apps: US Core resources read, searched, and all of a patient's at once."""
