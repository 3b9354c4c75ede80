"""What those who work at a practice fill in."""
