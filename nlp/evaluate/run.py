"""One measuring run: the given posts through an analyser with one settings version. Prints and judges nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from nlp.analyse import Analyser, Text
from nlp.evaluate.files import Given
from nlp.evaluate.intervals import Interval, wilson
from nlp.evaluate.masks import facts_without_masks, post_without_masks
from nlp.evaluate.pairs import Registers, registers
from nlp.evaluate.rows import Rows, rows_of
from nlp.labelled import FactsRow, LabelledPost, OrdinaryPost
from nlp.places.gazetteer import Gazetteer
from signals.analysis import Analysis
from signals.settings_version import DetectionSettings

Analyse = Callable[[Sequence[Text]], list[Analysis]]


@dataclass(frozen=True, slots=True)
class Ordinary:
    """Harmless posts without labels: how many are flagged per language, and which, by id."""

    rate_by_lang: dict[str, Interval | None]
    flagged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found in everything given; `seconds` is the time the labelled posts took."""

    rows: Rows
    seconds: float
    harmless_registers: Registers | None
    actionable_registers: Registers | None
    languages: Ordinary | None
    ordinary: Ordinary | None


def with_settings(analyser: Analyser, settings: DetectionSettings) -> Analyse:
    """The analyser with one settings version."""
    return lambda texts: analyser.analyse(texts, settings)


def measure(analyse: Analyse, given: Given, gazetteer: Gazetteer, now: datetime) -> Measured:
    """Everything at once; `now` stands for the moment of posts that have none."""
    rows, seconds = labelled(analyse, given.posts, given.facts, gazetteer, now)
    found = analyse([Text(row.text, now) for row in given.pairs])
    return Measured(
        rows=rows,
        seconds=seconds,
        harmless_registers=registers(given.pairs, found, given.groups, actionable=False),
        actionable_registers=registers(given.pairs, found, given.groups, actionable=True),
        languages=_ordinary(analyse, given.languages, now),
        ordinary=_ordinary(analyse, given.ordinary, now),
    )


def labelled(
    analyse: Analyse, posts: Sequence[LabelledPost], facts: dict[str, FactsRow], gazetteer: Gazetteer, now: datetime
) -> tuple[Rows, float]:
    """The labelled posts lined up with what was found, and the seconds it took; loading is not counted."""
    texts = [Text(post.text, post.moment(now)) for post in posts]
    analyse(texts[:1])
    began = perf_counter()
    analyses = analyse(texts)
    seconds = perf_counter() - began
    return rows_of(posts, analyses, facts, gazetteer), seconds


def without_masks(analyse: Analyse, given: Given, gazetteer: Gazetteer, now: datetime) -> tuple[Rows, float, int]:
    """The same labelled posts with mentions and links taken out, and how many had any."""
    posts = [post_without_masks(post) for post in given.posts]
    facts = {name: facts_without_masks(row) for name, row in given.facts.items()}
    had = sum(bare.text != post.text for bare, post in zip(posts, given.posts, strict=True))
    return *labelled(analyse, posts, facts, gazetteer, now), had


def _ordinary(analyse: Analyse, posts: Sequence[OrdinaryPost], now: datetime) -> Ordinary | None:
    if not posts:
        return None
    analyses = analyse([Text(post.text, now) for post in posts])
    found = [
        (post.lang or "unknown", post.id, analysis.flagged) for post, analysis in zip(posts, analyses, strict=True)
    ]
    rates: dict[str, Interval | None] = {}
    for lang in sorted({lang for lang, _, _ in found}):
        flags = [flagged for other, _, flagged in found if other == lang]
        rates[lang] = wilson(sum(flags), len(flags))
    return Ordinary(rates, tuple(name for _, name, flagged in found if flagged))
