"""Hostile posts: a corpus of texts that try to be more than text, and every page that shows a text."""
