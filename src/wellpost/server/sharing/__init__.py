"""What patients take from their record and send on: downloads, transmissions, and the log of both."""
