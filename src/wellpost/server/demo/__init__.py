"""A made-up practice to play with; never switched on where real people are."""
