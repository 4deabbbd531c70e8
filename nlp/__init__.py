"""Detection: from a post's text to an Analysis; `analyse` is the one way in. Reads no clock and no network."""

from nlp.analyse import Analyser, Text, default_settings

__all__ = ["Analyser", "Text", "default_settings"]
