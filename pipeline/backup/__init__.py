"""Backup and restore of the database: sealed to a key kept elsewhere, and unable to bring back what was forgotten.

Why content lies in a backup under keys of its own stands in `docs/decisions`. The key folder is not backed up here.
"""
