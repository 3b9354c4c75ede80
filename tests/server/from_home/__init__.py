"""What patients bring from home."""
