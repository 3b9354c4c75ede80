"""How long conversations are kept, what holds them longer, and their end: keys destroyed."""
