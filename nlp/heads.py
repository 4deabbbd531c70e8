"""What each number that the encoder returns stands for, and the labels read from them.

The order is part of the model file; `nlp.train` writes it and this module reads it.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from signals.analysis import Fact
from signals.label import Category, Genre

Floats = npt.NDArray[np.float32]

CATEGORIES: tuple[Category, ...] = tuple(category for category in Category if category is not Category.NONE)
GENRES: tuple[Genre, ...] = tuple(Genre)
FACTS: tuple[Fact, ...] = tuple(Fact)

ACTIONABLE = 0
CATEGORY = slice(1, 1 + len(CATEGORIES))
IMMINENT = CATEGORY.stop
GENRE = slice(IMMINENT + 1, IMMINENT + 1 + len(GENRES))
POST_OUTPUTS = GENRE.stop


@dataclass(frozen=True, slots=True)
class Reading:
    """What the encoder makes of one post, before calibration and settings."""

    logit: float
    category: Category
    imminent: float
    genre: Genre


def read(outputs: Floats) -> Reading:
    """Read one post's row of `POST_OUTPUTS` numbers. With equal scores the first label in the table wins."""
    return Reading(
        logit=float(outputs[ACTIONABLE]),
        category=CATEGORIES[int(np.argmax(outputs[CATEGORY]))],
        imminent=probability(float(outputs[IMMINENT])),
        genre=GENRES[int(np.argmax(outputs[GENRE]))],
    )


def probability(logit: float) -> float:
    """The logistic function, safe for large values."""
    if logit >= 0:
        return 1.0 / (1.0 + math.exp(-logit))
    grown = math.exp(logit)
    return grown / (1.0 + grown)
