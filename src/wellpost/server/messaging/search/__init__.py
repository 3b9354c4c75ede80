"""Finding messages by words, people and days, though the database holds no word of them."""
