"""Keys made anew while people work: the key-encryption key, and the epochs of threads."""
