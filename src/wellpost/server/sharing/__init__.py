"""What patients take from their record and send on, and the log of both."""
