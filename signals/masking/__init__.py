"""Masking: takes everything that points to a person out of a text, before anything is stored, published or logged.

One pure function, `mask`. It removes words only; author fields never come this far.
"""

from signals.masking.alignment import Masked
from signals.masking.masker import mask

__all__ = ["Masked", "mask"]
