"""A made-up bulk export for bench/ndjson, and the two ways to read it that are timed."""
