"""Our way to PostgreSQL, as Django looks for it."""
