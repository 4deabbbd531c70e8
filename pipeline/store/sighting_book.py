"""What arriving records do to the signals, worked out in memory: who joins, who leaves, which steps follow.

The store loads the rows involved under lock, `Book` applies records one by one, the store writes what changed. So the
result is the same however records are cut into batches. No I/O here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

from signals.analysed import Analysed
from signals.analysis import Analysis
from signals.fingerprint import fingerprint
from signals.ids import IdKey
from signals.label import LEVEL_ORDER, Level
from signals.post import HUMAN_SOURCES, Post, PostRemoved
from signals.signal import SignalState, SignalStep, step

State = SignalState
HELD = frozenset({State.WAITING_SECOND, State.CASUSOVERLEG, State.CONFIRMED, State.REFERRED})
"""A person is at work with it or it was told to others: the text stays until the decision or 24 hours."""
OPEN = HELD | {State.NEW}
"""What a new sighting simply joins."""
UNDECIDED = frozenset({State.NEW, State.WAITING_SECOND, State.CASUSOVERLEG})
"""What a tip or an observation joins: someone still has to judge it. 'Nu' of today is not the 'nu' of last week."""
READABLE = OPEN | {State.PARKED}
"""Where somebody may still read the text; elsewhere a sighting is counted without text, link or names."""


@dataclass
class Standing:
    """A signal as it stands, and what this batch did to it."""

    id: UUID
    state: SignalState
    read: bool
    claimed: bool
    level: Level
    places: frozenset[str]
    live: int
    generation: int = 0
    marked: bool = False
    state_changed: bool = False
    mark: str | None = None
    linked: UUID | None = None
    arrived: bool = True

    @property
    def held(self) -> bool:
        """Whether its text outlives its source for a while."""
        return self.state in HELD or self.claimed

    def adds_fact(self, analysis: Analysis) -> bool:
        """Whether an analysis says something this signal did not have: a place, or a higher level."""
        higher = LEVEL_ORDER.index(analysis.level) < LEVEL_ORDER.index(self.level)
        return higher or any(p.id not in self.places for p in analysis.places)


@dataclass
class Row:
    """A sighting: stored already (`version` None) or to be written."""

    post_id: UUID
    event_id: UUID
    signal_id: UUID
    version: Analysed | None = None
    readable: bool = True
    own_signal: UUID | None = None
    """The signal that its words alone would be, where it stands at another one that says the same."""


@dataclass(frozen=True)
class Event:
    """One step of a signal, for its history."""

    signal_id: UUID
    step: str
    before: SignalState | None
    after: SignalState
    detail: dict[str, str]


@dataclass(frozen=True)
class Birth:
    """A signal to be made: the one before it of the same text was already judged, or the one it was to join is."""

    id: UUID
    after: UUID | None
    version: Analysed


@dataclass
class Book:
    """The signals and sightings a batch touches. `find` gives a signal that was not loaded, or None.

    `joins` says which signal a text joins that is none yet, by the id it would have: it says the same in other words.
    """

    id_key: IdKey
    standings: dict[UUID, Standing]
    live: dict[UUID, Row]
    find: Callable[[UUID], Standing | None]
    joins: Mapping[UUID, UUID] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    births: list[Birth] = field(default_factory=list)
    kept: dict[UUID, list[Row]] = field(default_factory=dict)
    cleared: set[UUID] = field(default_factory=set)
    gone: set[UUID] = field(default_factory=set)
    touched: set[UUID] = field(default_factory=set)
    stands_at: dict[UUID, UUID | None] = field(default_factory=dict)
    stored: set[UUID] = field(init=False)

    def __post_init__(self) -> None:
        self.stored = set(self.live)

    def apply(self, record: Analysed | PostRemoved) -> None:
        """Take one record that is news for its post."""
        post_id = record.post_id if isinstance(record, Analysed) else record.id
        old = self.live.pop(post_id, None)
        if isinstance(record, PostRemoved) or record.post is None:
            if old is not None:
                why = "source_removed" if isinstance(record, PostRemoved) else "source_edited"
                self._leave(old, why)
                self.stands_at[post_id] = None
            return
        target = self._signal_for(record, record.post)
        if old is not None and old.signal_id != target.id:
            self._leave(old, "source_edited")
            if target.generation == 0:  # later generations are linked to the one before them
                # The smallest of several predecessors, so that the end does not depend on who came first.
                target.linked = min(filter(None, (target.linked, old.signal_id)))
        self._join(target, record, again=old is not None and old.signal_id == target.id)

    def _signal_for(self, version: Analysed, post: Post) -> Standing:
        """The signal that this text joins.

        The id follows from the text. Once a signal was judged, the next one of the same text gets the id of the text
        plus a generation number: when the judged one is closed or expired after reading, or when a rejected or parked
        one gets a fact it did not have. What a professional brings is always read: it joins no signal that was judged.
        """
        brought = version.source in HUMAN_SOURCES
        joins = UNDECIDED if brought else OPEN
        own = signal_id_of(self.id_key, post.text)
        if own in self.joins and not brought and own not in self.standings:
            like = self.standings[self.joins[own]]
            if like.state in UNDECIDED:
                return like
        # Made under lock before the book was opened, unless it was to join a signal that changed meanwhile.
        signal = self.standings.get(own) or self._load(own) or self._born(own, None, version)
        for generation in count(1):
            if signal.state in joins or (signal.state is State.EXPIRED and not signal.read):
                break
            later_id = signal_id_of(self.id_key, post.text, generation)
            later = self.standings.get(later_id) or self._load(later_id)
            if later is None:
                judged = signal.state in (State.REJECTED, State.PARKED)
                if judged and not brought and not signal.adds_fact(version.analysis):
                    break
                later = self._born(later_id, signal, version)
            later.generation = generation
            signal = later
        return signal

    def _load(self, signal_id: UUID) -> Standing | None:
        found = self.find(signal_id)
        if found is not None:
            self.standings[signal_id] = found
        return found

    def _born(self, signal_id: UUID, after: Standing | None, version: Analysed) -> Standing:
        self.births.append(Birth(signal_id, after.id if after else None, version))
        born = Standing(signal_id, State.NEW, False, False, version.analysis.level, frozenset(), 0, arrived=False)
        self.standings[signal_id] = born
        return born

    def _join(self, signal: Standing, version: Analysed, again: bool) -> None:
        if not signal.arrived:
            signal.arrived = True
            self.events.append(Event(signal.id, "arrive", None, State.NEW, {}))
        if signal.state is State.EXPIRED:
            self._step(signal, SignalStep.SIGHT_AGAIN, {})
        if signal.marked:
            self._clear(signal)
        if not again:
            signal.live += 1
        self.touched.add(signal.id)
        own = signal_id_of(self.id_key, version.post.text) if version.post else signal.id
        near = self.joins.get(own) == signal.id and own not in self.standings
        readable = signal.state in READABLE
        self.live[version.post_id] = Row(
            version.post_id, version.event_id, signal.id, version, readable, own if near else None
        )
        self.stands_at[version.post_id] = signal.id

    def _leave(self, row: Row, why: str) -> None:
        signal = self.standings[row.signal_id]
        signal.live -= 1
        self.touched.add(signal.id)
        if signal.live == 0 and signal.held:
            self.kept.setdefault(signal.id, []).append(row)
            if row.version is None:
                self.stored.discard(row.post_id)  # its row moves to the event id, nothing is left under the post's
            self._mark(signal, why)
        elif signal.live == 0 and signal.state is State.NEW:
            self._step(signal, SignalStep.EXPIRE, {"why": why})
        elif signal.live == 0 and signal.state is not State.EXPIRED:
            self._mark(signal, why)
        if row.post_id in self.stored:
            self.gone.add(row.post_id)

    def _mark(self, signal: Standing, why: str) -> None:
        signal.marked, signal.mark = True, why
        self.events.append(Event(signal.id, why, signal.state, signal.state, {}))

    def _clear(self, signal: Standing) -> None:
        """The text is public again: the mark goes, and so does what was kept of the version that had left."""
        signal.marked, signal.mark = False, "cleared"
        self.cleared.add(signal.id)
        self.gone.update(row.post_id for row in self.kept.pop(signal.id, []) if row.version is None)

    def _step(self, signal: Standing, action: SignalStep, detail: dict[str, str]) -> None:
        before = signal.state
        signal.state, signal.state_changed = step(before, action), True
        self.events.append(Event(signal.id, action.value, before, signal.state, detail))


def signal_id_of(id_key: IdKey, text: str, generation: int = 0) -> UUID:
    """The id of the signal of a text. A later generation adds a line break and a digit: no folded text holds both."""
    folded = fingerprint(text)
    return id_key.signal_id(folded if generation == 0 else f"{folded}\n{generation}")
