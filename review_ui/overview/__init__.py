"""The overview (*overzicht*): situation board, map of districts and numbers over time."""
