"""Ways in that stay open: a source pushes, the collector follows."""
