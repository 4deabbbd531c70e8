"""What the page on sources shows, put together from what is known of each source. Pure; no seed stands on it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from collectors.health_reasons import ALARMS, Matter
from collectors.kinds import Kind
from pipeline.store.source_status import SourceNow
from review_ui.coverage.words import KINDS, kind_name
from signals.post import Source


@dataclass(frozen=True)
class Told:
    """One matter, for how many sources of a kind it holds, and since when the first of them."""

    matter: Matter
    count: int
    since: datetime | None
    alarm: bool


@dataclass(frozen=True)
class KindNow:
    """One kind of source now, what is the matter first. `per_day` is None until it is known of every source."""

    name: str
    sources: int
    told: tuple[Told, ...]
    last_seen_at: datetime | None
    per_day: int | None

    @property
    def alarm(self) -> bool:
        """Whether posts may be missed."""
        return any(told.alarm for told in self.told)


@dataclass(frozen=True)
class Board:
    """The kinds that may run, worst first, the names of those that are off, and how many sources need a look."""

    on: tuple[KindNow, ...]
    off: tuple[str, ...]
    trouble: int


def board(kinds: Mapping[str, Kind], allowed: Iterable[Source], sources: Sequence[SourceNow]) -> Board:
    """The board for these kinds, the sources of posts that orders in force allow, and what is known of each source."""
    live = [source for source in sources if source.matter is not Matter.ORDER_OVER]
    named = {**{kind.name: kind_name(kind) for kind in kinds.values()}, **_known_beside(kinds, live)}
    heard = {name: [source for source in live if source.kind == name] for name in named}
    wanted = set(allowed)
    # Kinds that share a source, as a stream and its authors do, are on together; one that runs speaks for both.
    seen = {source for name, kind in kinds.items() if heard[name] for source in kind.sources}
    waiting = {name for name, kind in kinds.items() if not heard[name] and set(kind.sources) & (wanted - seen)}
    on = [_kind(named[name], found) for name, found in heard.items() if found]
    on += [_waiting(named[name]) for name in named if name in waiting]
    off = tuple(named[name] for name in named if not heard[name] and name not in waiting)
    ranked = sorted(on, key=lambda one: (not one.alarm, one.name))
    return Board(tuple(ranked), off, sum(source.matter in ALARMS for source in live))


def _known_beside(kinds: Mapping[str, Kind], sources: Sequence[SourceNow]) -> dict[str, str]:
    return {one.kind: KINDS.get(one.kind, one.kind) for one in sources if one.kind not in kinds}


def _kind(name: str, found: Sequence[SourceNow]) -> KindNow:
    counted = Counter(source.matter for source in found)
    told = [
        Told(matter, count, min(_since(one) for one in found if one.matter is matter), matter in ALARMS)
        for matter, count in counted.items()
    ]
    days = [source.expected_per_day for source in found]
    known = [day for day in days if day is not None]
    return KindNow(
        name=name,
        sources=len(found),
        told=tuple(sorted(told, key=lambda one: (not one.alarm, one.matter.value))),
        last_seen_at=max((s.last_seen_at for s in found if s.last_seen_at is not None), default=None),
        per_day=round(sum(known)) if len(known) == len(days) else None,
    )


def _since(one: SourceNow) -> datetime:
    return one.silent_from if one.matter is Matter.SILENT and one.silent_from is not None else one.since


def _waiting(name: str) -> KindNow:
    return KindNow(name, 0, (Told(Matter.NOT_STARTED, 0, None, False),), None, None)
