"""What bench/fuzz_parsing is made of: a module for each subject, with `corpus` and `attempt`."""
