"""How many open signals each view, each filter and each saved view holds: counted once, added up here without a query.

A bundle counts signals and knows no person. Pure; the question that makes bundles stands in `pipeline.store.queue`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from signals.label import Category, Level
from signals.post import HUMAN_SOURCES, Source
from signals.signal import SignalState


class QueueView(StrEnum):
    """The part of the queue a reader looks at."""

    ALL = "all"
    ACUUT = "acuut"
    SECOND = "second"
    MINE = "mine"
    CASUSOVERLEG = "casusoverleg"
    CONFIRMED = "confirmed"
    TIPS = "tips"


@dataclass(frozen=True)
class QueueFilter:
    """What the list is narrowed to. There is no filter by language, and none by who wrote or who reads something."""

    view: QueueView = QueueView.ALL
    category: Category | None = None
    level: Level | None = None
    source: Source | None = None
    place_id: str | None = None
    place_known: bool | None = None
    place_name: str | None = None


@dataclass(frozen=True)
class Bundle:
    """So many open signals that are alike in everything a view or filter asks."""

    state: SignalState
    category: Category
    level: Level
    source: Source
    tip: bool
    mine: bool
    second: bool
    placed: bool
    count: int

    def fits(self, wanted: QueueFilter) -> bool:
        """Whether these signals stand in that list. Which place is named is not asked: bundles do not know."""
        return (
            (wanted.category is None or wanted.category is self.category)
            and (wanted.level is None or wanted.level is self.level)
            and (wanted.source is None or wanted.source is self.source)
            and (wanted.place_known is None or wanted.place_known is self.placed)
            and self._in_view(wanted.view)
        )

    def _in_view(self, view: QueueView) -> bool:
        match view:
            case QueueView.ALL:
                return True
            case QueueView.ACUUT:
                return self.level is Level.ACUUT
            case QueueView.SECOND:
                return self.second
            case QueueView.MINE:
                return self.mine
            case QueueView.CASUSOVERLEG:
                return self.state is SignalState.CASUSOVERLEG
            case QueueView.CONFIRMED:
                return self.state is SignalState.CONFIRMED
            case QueueView.TIPS:
                return self.tip or self.source in HUMAN_SOURCES


@dataclass(frozen=True)
class Counted:
    """The whole open queue of one reader, counted."""

    bundles: tuple[Bundle, ...]

    def of(self, wanted: QueueFilter) -> int | None:
        """How many stand in that list; None where it asks for one place by id or name, which is not counted."""
        if wanted.place_id is not None or wanted.place_name is not None:
            return None
        return self.fitting(wanted)

    def fitting(self, wanted: QueueFilter) -> int:
        """How many stand in that list, whatever place it asks for."""
        return _sum(self.bundles, wanted)

    def views(self) -> dict[QueueView, int]:
        """Every view without a filter."""
        return {view: _sum(self.bundles, QueueFilter(view)) for view in QueueView}

    def categories(self, wanted: QueueFilter) -> dict[Category, int]:
        """How many each choice of category would show beside the other filters; the places are not asked."""
        counts = dict.fromkeys(Category, 0)
        for bundle in self._beside(replace(wanted, category=None)):
            counts[bundle.category] += bundle.count
        return counts

    def levels(self, wanted: QueueFilter) -> dict[Level, int]:
        """The same for levels."""
        counts = dict.fromkeys(Level, 0)
        for bundle in self._beside(replace(wanted, level=None)):
            counts[bundle.level] += bundle.count
        return counts

    def sources(self, wanted: QueueFilter) -> dict[Source, int]:
        """The same for kinds of source."""
        counts = dict.fromkeys(Source, 0)
        for bundle in self._beside(replace(wanted, source=None)):
            counts[bundle.source] += bundle.count
        return counts

    def placed(self, wanted: QueueFilter) -> dict[bool, int]:
        """The same for a place that is known, or not."""
        counts = {True: 0, False: 0}
        for bundle in self._beside(replace(wanted, place_known=None)):
            counts[bundle.placed] += bundle.count
        return counts

    def _beside(self, wanted: QueueFilter) -> Iterator[Bundle]:
        return (bundle for bundle in self.bundles if bundle.fits(wanted))


def _sum(bundles: Iterable[Bundle], wanted: QueueFilter) -> int:
    return sum(bundle.count for bundle in bundles if bundle.fits(wanted))
