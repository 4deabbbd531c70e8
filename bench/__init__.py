"""Measurements side by side: what Seinpost does beside the plain ways to do the same. Run with `make bench`."""
