"""Rotating the key-encryption key under load: the parts of bench/rotation."""
