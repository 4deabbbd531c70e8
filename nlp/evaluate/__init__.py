"""Measuring detection on labelled posts."""
