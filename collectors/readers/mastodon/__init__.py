"""Mastodon and compatible servers."""
