"""The expert's screens, against a real database and a real browser."""
