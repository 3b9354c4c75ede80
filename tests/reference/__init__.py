"""The plain reading: the same law in Python sets, slow and clear, to hold the fast one against."""
