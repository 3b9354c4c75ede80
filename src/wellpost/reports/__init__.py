"""Where law and evidence meet: the numbers, lists and sentences that people see."""
