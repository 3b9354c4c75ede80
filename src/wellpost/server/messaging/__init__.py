"""Threads, messages and their keys: sealed for the parties, kept, delivered, read."""
