"""Made-up practices and states: facts for demos, tests and timing."""
