"""What happened, as tables: each described once, wherever it is held."""
