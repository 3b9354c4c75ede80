"""What bench/send is made of."""
