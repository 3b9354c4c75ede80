"""Lighthouse on the patient's pages."""
