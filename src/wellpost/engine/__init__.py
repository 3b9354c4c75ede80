"""Counting: who is in a denominator, who is in the numerator, and why."""
