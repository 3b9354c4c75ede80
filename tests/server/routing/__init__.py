"""Routing, by deed."""
