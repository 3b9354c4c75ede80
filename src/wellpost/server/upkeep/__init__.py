"""Keeping the server well: its first set-up, its health, its backups and their restoring."""
