"""Signing in and out, and who may see which page."""
