"""Collectors against servers that nobody of this project wrote, on the loopback address; run by `make soak`."""
