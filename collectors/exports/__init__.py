"""Ways in for a file: the export of a licensed tool, or invented posts for a test. Nothing here asks the network."""
