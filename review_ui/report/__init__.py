"""Handing in a tip or an observation."""
