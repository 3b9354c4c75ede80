"""What bench/chaos is made of; tests/chaos runs the same for a few seconds."""
