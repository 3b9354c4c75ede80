"""What bench/attack is made of."""
