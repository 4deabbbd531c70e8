"""The demo: invented people, an invented directory and invented posts, played on this machine alone."""
