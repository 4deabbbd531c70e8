"""Builds the gazetteer files in `nlp/data` from the collected fact tables. Run by hand when those tables change.

Usage: python -m nlp.places.build TABLES_FOLDER NICKNAMES_CSV TARGET_FOLDER. Needs `wordfreq`, to mark ordinary words.
"""
