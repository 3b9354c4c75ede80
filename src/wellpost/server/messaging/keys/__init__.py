"""Keys: the provider that wraps private keys, the parties' key pairs, and what is held opened."""
