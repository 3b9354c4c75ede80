"""What a session holds of itself, by these names: moments in seconds, and words."""

BEGAN = "began_at"
SEEN = "seen_at"
DEVICE = "device"
PROVED_BY_PROVIDER = "second_factor_by_provider"
"""The user whose practice's own sign-in asked for a second factor as well."""
