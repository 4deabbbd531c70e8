"""Many experts at once on the real HTTP interface of a real server process."""
