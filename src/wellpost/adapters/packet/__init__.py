"""Audit packets: one PDF for people and one ZIP for machines, signed, checked, computed again."""
