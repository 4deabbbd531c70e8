"""Words of the street explained where they stand."""
