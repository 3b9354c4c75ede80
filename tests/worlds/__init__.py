"""Worlds for tests: facts told as small tables, held by every engine."""
