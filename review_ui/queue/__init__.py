"""The queue page and its live arrival."""
