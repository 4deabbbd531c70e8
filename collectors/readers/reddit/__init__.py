"""Reddit, for who was approved."""
