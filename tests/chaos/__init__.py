"""Killed while people write: nothing acknowledged is lost. bench/chaos does the same at length."""
