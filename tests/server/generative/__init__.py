"""Random lives of conversations, held against a model in plain Python."""
