"""Tests of what measures the work."""
