"""What a count is worth under a rule: verdicts, objectives and points, in whole numbers only."""
