"""A way to tell concrete posts from others, as the measurement of detection asks it. It measures nothing itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nlp.encoder_text import encoder_text
from nlp.labelled import LabelledPost
from signals.masking import mask

Scores = Callable[[Sequence[str]], list[float]]


@dataclass(frozen=True, slots=True)
class Contender:
    """`scores` takes texts as they were written; a text is flagged from `flagged_from`, the way's own default."""

    scores: Scores
    flagged_from: float


Way = Callable[[Sequence[LabelledPost]], Contender]
"""Makes the contender from the training posts. Raises `bench.beside.NotHere` where it cannot be made here."""


def cleaned(text: str) -> str:
    """The text as our own encoder sees it: masked and normalised."""
    return encoder_text(mask(text).text).text
