"""What bench/mutate is made of."""
