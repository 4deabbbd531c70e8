"""The practice posts as the project ships them, read and checked once. No real signal is among them."""

from functools import cache
from importlib import resources
from typing import Self

from pydantic import Field, TypeAdapter, model_validator

from review_ui.labels import REASONS
from signals.analysis import Fact, Span
from signals.frozen import Frozen
from signals.label import Category, Level
from signals.moment import Moment
from signals.post import Source


class Case(Frozen):
    """One invented post and its answer. `facts` and `places` are slices of the text, `answer` and `reason` codes."""

    id: str
    series: str
    step: int = Field(ge=1)
    lang: str
    source: Source
    posted_at: Moment
    text: str
    answer: str
    reason: str
    also_fine: tuple[str, ...]
    category: Category
    level: Level
    imminent: bool
    facts: dict[Fact, tuple[str, ...]]
    places: tuple[str, ...]
    explanation_nl: str
    explanation_en: str
    lesson: str
    lesson_en: str

    @property
    def best(self) -> str:
        """The answer as a button's value, such as `reject:art`."""
        return f"{self.answer}:{self.reason}"

    def spans(self, fact: Fact) -> tuple[Span, ...]:
        """Where a fact stands in the text."""
        return tuple(
            (self.text.index(words), self.text.index(words) + len(words)) for words in self.facts.get(fact, ())
        )

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        unknown = {self.best, *self.also_fine} - REASONS.keys()
        if unknown:
            raise ValueError(f"practice post {self.id} has answers that no button gives: {sorted(unknown)}")
        slices = [words for found in self.facts.values() for words in found] + list(self.places)
        if any(words not in self.text for words in slices):
            raise ValueError(f"practice post {self.id} has a fact or place that is not in its text")
        if (self.answer == "reject") != (self.category is Category.NONE and self.level is Level.UITING):
            raise ValueError(f"practice post {self.id} is rejected but has a category or level, or the other way round")
        return self


_CASE = TypeAdapter(Case)


@cache
def cases() -> tuple[Case, ...]:
    """All practice posts, series by series, from easy to hard."""
    lines = (resources.files("review_ui") / "practice" / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(_CASE.validate_json(line) for line in lines if line)


def by_id(name: str) -> Case | None:
    """One practice post."""
    return next((case for case in cases() if case.id == name), None)


def series() -> dict[str, list[Case]]:
    """The series in the order they are told, each with its posts."""
    found: dict[str, list[Case]] = {}
    for case in cases():
        found.setdefault(case.series, []).append(case)
    return {name: sorted(members, key=lambda case: case.step) for name, members in found.items()}


def after(case: Case) -> Case | None:
    """The post that comes next: in the series, or the first of the next series."""
    order = [member for members in series().values() for member in members]
    at = order.index(case) + 1
    return order[at] if at < len(order) else None
