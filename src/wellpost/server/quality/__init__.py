"""The server's own database read as facts, and the one door to the engine."""
