"""The text as the encoder sees it, in training and in use: normalised, links dropped, mentions in a row made one.

Masked tokens are free cues in collected data sets, so they must look the same everywhere.
"""

import re
from functools import partial

from nlp.normalise import Normalised, normalise, rewrite

_LINKS = re.compile(r"\s?\[link\]")
_MENTIONS = re.compile(r"\[@\](?:\s*\[@\])+")
_SPACES = re.compile(r"[ \t]{2,}")


def encoder_text(masked: str) -> Normalised:
    """Normalise a masked text for the encoder; the map leads back to the masked text."""
    made = normalise(masked)
    for pattern, new in ((_LINKS, ""), (_MENTIONS, "[@]"), (_SPACES, " ")):
        made = rewrite(made, pattern, partial(_always, new))
    return made


def _always(new: str, _found: re.Match[str]) -> str:
    return new
