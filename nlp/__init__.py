"""Detection: from a post's text to an Analysis; `nlp.analyse` is the one way in. Reads no clock and no network."""

from nlp.settings import default_settings

__all__ = ["default_settings"]
