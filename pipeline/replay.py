"""Analyses the posts of the last hours again and compares with what was found then; the queue is not touched.

Counts only: no text, no post id leaves this.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import Connection, Engine, text

from pipeline.analysing import Analyse, analyse_records
from pipeline.shadow import SideBySide
from signals.analysed import Analysed
from signals.post import Post, PostRemoved
from signals.settings_version import DetectionSettings

_BATCH = 256
_THEN = text("""
    SELECT event_id, flagged, level, category, model, terms, settings FROM analyses
     WHERE event_id = ANY(CAST(:events AS uuid[]))
""")


@dataclass
class Comparison:
    """How an analysis now compares with the one then."""

    posts: int = 0
    removals: int = 0
    failed: int = 0
    not_analysed_then: int = 0
    flagged_then: int = 0
    flagged_now: int = 0
    newly_flagged: int = 0
    no_longer_flagged: int = 0
    other_level: int = 0
    other_category: int = 0
    versions_then: dict[str, int] = field(default_factory=dict)
    versions_now: dict[str, int] = field(default_factory=dict)


def compare(
    records: Iterable[Post | PostRemoved],
    analyse: Analyse,
    settings: DetectionSettings,
    engine: Engine,
    shadow: SideBySide | None = None,
) -> Comparison:
    """Analyse `records` with `settings` and compare with the book of analyses; a `shadow` looks at the same posts."""
    found = Comparison()
    for batch in _batches(records):
        answers, broken = analyse_records(batch, analyse, settings)
        found.failed += len(broken)
        found.removals += sum(isinstance(r, PostRemoved) for r in batch)
        found.posts += sum(isinstance(r, Post) for r in batch)
        analysed = [a for a in answers if isinstance(a, Analysed)]
        with engine.connect() as connection:
            _count(found, analysed, connection)
        if shadow is not None:
            shadow.look(batch, analysed)
    return found


def _count(found: Comparison, answers: list[Analysed], connection: Connection) -> None:
    then = {row.event_id: row for row in connection.execute(_THEN, {"events": [a.event_id for a in answers]})}
    for answer in answers:
        analysis, used = answer.analysis, answer.analysis.versions
        found.flagged_now += analysis.flagged
        _one_more(found.versions_now, used.model, used.terms, used.settings)
        before = then.get(answer.event_id)
        if before is None:
            found.not_analysed_then += 1
            continue
        found.flagged_then += before.flagged
        _one_more(found.versions_then, before.model, before.terms, before.settings)
        found.newly_flagged += analysis.flagged and not before.flagged
        found.no_longer_flagged += before.flagged and not analysis.flagged
        if analysis.flagged and before.flagged:
            found.other_level += analysis.level.value != before.level
            found.other_category += analysis.category.value != before.category


def _one_more(counts: dict[str, int], *versions: str) -> None:
    name = " ".join(versions)
    counts[name] = counts.get(name, 0) + 1


def _batches(records: Iterable[Post | PostRemoved]) -> Iterator[list[Post | PostRemoved]]:
    rest = iter(records)
    while batch := list(islice(rest, _BATCH)):
        yield batch
