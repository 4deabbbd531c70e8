"""What the machine found in one post: flag, category, level, facts, places, reasons and the versions used.

A value only. `nlp.analyse` makes it; offsets count Unicode code points of the text that was analysed.
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from signals.frozen import Frozen
from signals.label import Category, Genre, Lang, Level
from signals.moment import MaybeNaive
from signals.place import Mention

Span = tuple[int, int]


class Fact(StrEnum):
    """The five facts of the labelling guide, about the act and never about a person's character."""

    TARGET = "target"
    PLACE = "place"
    TIME = "time"
    MEANS = "means"
    CALL = "call"


FACT_LABELS: dict[Fact, str] = {
    Fact.TARGET: "Op wie",
    Fact.PLACE: "Waar",
    Fact.TIME: "Wanneer",
    Fact.MEANS: "Waarmee",
    Fact.CALL: "Oproep",
}


class Facts(Frozen):
    """Spans [start, end) of the text per fact; empty where the text says nothing."""

    target: tuple[Span, ...] = ()
    place: tuple[Span, ...] = ()
    time: tuple[Span, ...] = ()
    means: tuple[Span, ...] = ()
    call: tuple[Span, ...] = ()

    def spans(self, fact: Fact) -> tuple[Span, ...]:
        """The spans of one fact."""
        spans: tuple[Span, ...] = getattr(self, fact.value)
        return spans


class Reason(Frozen):
    """A stretch of the text that made the machine flag it, and why, in a few words."""

    start: int
    end: int
    why: str


class TimeWindow(Frozen):
    """The moment a post points to, as an interval, with a confidence between 0 and 1."""

    start: MaybeNaive
    end: MaybeNaive
    confidence: Annotated[float, Field(ge=0, le=1)]


class Versions(Frozen):
    """Which model, term list and settings version gave an analysis."""

    model: str
    terms: str
    settings: str


class Analysis(Frozen):
    """Everything the machine says about one text. `score` is for thresholds and evaluation, never for a screen."""

    flagged: bool
    score: Annotated[float, Field(ge=0, le=1)]
    category: Category
    imminent: bool
    genre: Genre
    lang: Lang
    level: Level
    facts: Facts
    places: tuple[Mention, ...]
    reasons: tuple[Reason, ...]
    window: TimeWindow | None
    versions: Versions

    @model_validator(mode="after")
    def _unflagged_says_nothing(self) -> Self:
        if not self.flagged and (self.category is not Category.NONE or self.reasons or self.level is not Level.UITING):
            raise ValueError("an analysis that does not flag has category none, level uiting and no reasons")
        if self.flagged and self.category is Category.NONE:
            raise ValueError("an analysis that flags names a category")
        return self
