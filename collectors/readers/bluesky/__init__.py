"""Bluesky accounts, through the AppView."""
