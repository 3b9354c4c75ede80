"""What bench/beside is made of: matrix-synapse and Wellpost, asked for the same things in turn."""
