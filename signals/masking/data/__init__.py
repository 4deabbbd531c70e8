"""Word lists with their provenance; no code."""
