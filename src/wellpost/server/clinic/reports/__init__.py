"""Reports of the clinic: looked at, taken away, attested, and answered for."""
