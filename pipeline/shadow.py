"""Two detections side by side over the same posts, in shadow: what the proposed one would flag that the other does not.

Counts only, in bounded memory. It writes nothing anywhere: no queue, no book, no topic.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.analysing import Analyse, analyse_records
from signals.analysed import Analysed
from signals.label import Level
from signals.post import HUMAN_SOURCES, Post, PostRemoved
from signals.settings_version import DetectionSettings
from signals.signal import Lane

GROUPS = ("category", "level", "lane", "source")
"""By what flags are counted."""


@dataclass(frozen=True)
class Detection:
    """One way to analyse: the models, and the settings that they are given."""

    analyse: Analyse
    settings: DetectionSettings


@dataclass
class Shift:
    """Flags of one group: at the base, at the proposal, and how the one becomes the other.

    `moved_in` and `moved_out` are posts that both flag, each in another group.
    """

    posts: int = 0
    """Posts that could be flagged here: those of the source for a source, all posts for every other group."""
    base: int = 0
    proposed: int = 0
    appear: int = 0
    disappear: int = 0
    moved_in: int = 0
    moved_out: int = 0


@dataclass
class SideBySide:
    """Takes the base's answers batch by batch and lets the proposal analyse the same posts."""

    proposal: Detection
    posts: int = 0
    failed: int = 0
    """Posts on which the proposal broke; those on which either side broke are compared nowhere."""
    total: Shift = field(default_factory=Shift)
    groups: dict[str, dict[str, Shift]] = field(default_factory=lambda: {group: {} for group in GROUPS})
    versions_base: Counter[str] = field(default_factory=Counter)
    versions_proposed: Counter[str] = field(default_factory=Counter)

    def look(self, batch: Sequence[Post | PostRemoved], base: Sequence[Analysed]) -> None:
        """Analyse the posts of `batch` once more, with the proposal, and count how its answers differ from `base`."""
        posts = [record for record in batch if isinstance(record, Post)]
        answers, broken = analyse_records(posts, self.proposal.analyse, self.proposal.settings)
        self.failed += len(broken)
        by_event = {a.event_id: a for a in answers if isinstance(a, Analysed)}
        for before in base:
            after = by_event.get(before.event_id)
            if after is not None:
                self._count(before, after)

    def _count(self, before: Analysed, after: Analysed) -> None:
        self.posts += 1
        self.versions_base[_versions(before)] += 1
        self.versions_proposed[_versions(after)] += 1
        _shift(self.total, before.analysis.flagged, after.analysis.flagged)
        self._group("source", before.source.value).posts += 1
        old, new = _places(before), _places(after)
        for group in GROUPS:
            here, there = old.get(group), new.get(group)
            for name in {name for name in (here, there) if name is not None}:
                shift = self._group(group, name)
                shift.base += here == name
                shift.proposed += there == name
                shift.appear += here is None
                shift.disappear += there is None
                shift.moved_in += here is not None and here != name
                shift.moved_out += there is not None and there != name

    def _group(self, group: str, name: str) -> Shift:
        return self.groups[group].setdefault(name, Shift())

    def rows(self) -> Iterator[tuple[str, str, Shift]]:
        """Every group that has something in it, the whole first, with the number of posts it is out of."""
        self.total.posts = self.posts
        yield "all", "", self.total
        for group, found in self.groups.items():
            for name, shift in sorted(found.items()):
                if group != "source":
                    shift.posts = self.posts
                yield group, name, shift


def _shift(shift: Shift, before: bool, after: bool) -> None:
    shift.base += before
    shift.proposed += after
    shift.appear += after and not before
    shift.disappear += before and not after


def _places(answer: Analysed) -> dict[str, str]:
    """Where a flagged post stands in each grouping; nowhere when it is not flagged."""
    if not answer.analysis.flagged:
        return {}
    found = answer.analysis
    return {
        "category": found.category.value,
        "level": found.level.value,
        "lane": _lane(answer).value,
        "source": answer.source.value,
    }


def _lane(answer: Analysed) -> Lane:
    """As the queue puts it (`pipeline.store.signals`): haste first, then who brought it."""
    if answer.analysis.level is Level.ACUUT or answer.analysis.imminent:
        return Lane.URGENT
    return Lane.TIP if answer.source in HUMAN_SOURCES else Lane.ORDINARY


def _versions(answer: Analysed) -> str:
    used = answer.analysis.versions
    return f"{used.model} {used.terms} {used.settings}"
