"""What is posted in a run under faults, by seed, and what must come of it whatever breaks meanwhile."""

from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from pipeline.store.sighting_book import signal_id_of
from signals.post import Post, PostRemoved
from tests.road.invented import Maker

FLAGGED, EDITED, REMOVED = 0.08, 0.02, 0.02
"""Shares of the posts. Of the flagged ones about one in six is a text that was not said before."""
_UNIQUE = 6
_LATEST = 600
"""A later version comes at most so many posts after the one before it."""
_THREATS = (
    "ik ga je steken {n}",
    "vanavond steken {n}",
    "in Krommenie wordt het steken {n}",
    "bij het Molencollege ga ik steken, vanavond {n}",
)


@dataclass(frozen=True)
class Said:
    """One record to come: a version of a post, or its removal (no text)."""

    native: str
    version: int
    text: str | None

    def made(self, maker: Maker) -> Post | PostRemoved:
        """The record as a collector makes it."""
        if self.text is None:
            return maker.removed(self.native, self.version)
        return maker.post(self.native, self.text, self.version, sealed=flagged(self.text))


def flagged(text: str | None) -> bool:
    """Whether the invented analysis flags it."""
    return text is not None and "steken" in text


def _dead(text: str | None) -> bool:
    return text is not None and ("kapotmaker" in text or "\x00" in text)


def stream(seed: int, posts: int) -> list[Said]:
    """Posts with some later versions and removals among them, and a few that nobody can handle."""
    chance = Random(seed)
    placed: list[tuple[float, Said]] = []
    for number in range(posts):
        native = f"post-{number}"
        text = _text(chance, posts)
        placed.append((number, Said(native, 1, text)))
        fate = chance.random()
        later = number + chance.uniform(0.5, _LATEST)
        if _dead(text) or fate >= EDITED + REMOVED:
            continue
        if fate < EDITED:
            placed.append((later, Said(native, 2, _text(chance, posts, dead=False))))
            if fate < EDITED / 4:
                placed.append((later + chance.uniform(0.5, _LATEST), Said(native, 3, None)))
        else:
            placed.append((later, Said(native, 2, None)))
    return [said for _, said in sorted(placed, key=lambda p: p[0])]


def _text(chance: Random, posts: int, dead: bool = True) -> str:
    number = chance.randrange(10**9)
    if dead and chance.random() < 0.002:
        return f"een kapotmaker {number}" if number % 2 else f"steken\x00 {number}"
    if chance.random() < FLAGGED:
        which = chance.randrange(max(1, int(posts * FLAGGED / _UNIQUE)))
        return _THREATS[which % len(_THREATS)].format(n=which)
    return f"lekker weer {number}"


@dataclass
class Outcome:
    """What the books must hold in the end."""

    events: set[UUID] = field(default_factory=set)
    heads: dict[UUID, tuple[UUID, bool]] = field(default_factory=dict)
    stands_at: dict[UUID, UUID] = field(default_factory=dict)
    ever: set[UUID] = field(default_factory=set)
    flagged_posts: set[UUID] = field(default_factory=set)
    dead: dict[str, int] = field(default_factory=lambda: {"analysis_failed": 0, "store_refused": 0})


def outcome(stream: list[Said], maker: Maker) -> Outcome:
    """Each post's last version decides; a record that nobody can handle is a dead letter and nothing else."""
    found = Outcome()
    for said in stream:
        record = said.made(maker)
        if _dead(said.text):
            found.dead["store_refused" if flagged(said.text) else "analysis_failed"] += 1
            continue
        found.heads[record.id] = (record.event_id, said.text is None)
        found.stands_at.pop(record.id, None)
        if said.text is None:
            continue
        found.events.add(record.event_id)
        if flagged(said.text):
            signal = signal_id_of(maker.id_key, said.text)
            found.stands_at[record.id] = signal
            found.ever.add(signal)
            found.flagged_posts.add(record.id)
    return found
