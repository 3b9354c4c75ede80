"""Facts on Spark."""
