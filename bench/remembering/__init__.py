"""What bench/memory is made of."""
