"""An export of ten thousand invented posts with bad lines between them, and what must come of it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from collectors.exports.importing import import_file
from collectors.exports.mapping import Mapping
from collectors.health import SourceHealth
from collectors.outlet import Outlet
from collectors.permission import Permission
from collectors.post_maker import PostMaker
from collectors.sealing import Sealer
from pipeline.analysing import Analyse
from pipeline.key_folder import KeyFolder
from pipeline.store.sighting_book import signal_id_of
from signals.dead_letter import DeadLetter
from signals.ids import IdKey
from signals.masking import mask
from signals.order import Order, OrderState, Scope
from signals.ports import Cursor
from signals.post import Post, PostRemoved, Source
from signals.settings_version import DetectionSettings
from tests.road.invented import Maker
from tests.whole_road.planted import row, shuffled, threats

POSTS = 10_000
BAD = 24
_ORDINARY = (
    "Het boek heeft {n} bladzijden en ik vind het prachtig",
    "Het wordt {n} graden en zonnig in de tuin",
    "Mooie wandeling gemaakt en {n} paddenstoelen geteld",
    "De trein van {n} over was heerlijk leeg",
    "De bibliotheek is tot {n} januari dicht",
)
"""Sentences that the gate leaves out, so that the run is about the road and not about the encoder."""


UNIQUE, COPIES, EDITS, DELETIONS = 160, 460, 30, 30


def write_export(file: Path, seed: int, flagged: Sequence[str]) -> None:
    """Threats that are flagged, with copies, edits and deletions, among ordinary posts, and bad lines in between."""
    chance = random.Random(seed)
    texts = list(flagged[:UNIQUE])
    posts = [[row(n, f"threat-{n}", text)] for n, text in enumerate(texts)]
    for n, victim in enumerate(chance.sample(range(len(texts)), EDITS + DELETIONS)):
        if n < EDITS:
            new = "laat maar, het is al uitgepraat" if n % 2 else texts[victim - 1]
            posts[victim].append(row(victim, f"threat-{victim}", new, later=1))
        else:
            posts[victim].append(row(victim, f"threat-{victim}", "", deleted=True, later=1))
    posts += [[row(n, f"copy-{n}", chance.choice(texts))] for n in range(COPIES)]
    for number in range(POSTS - len(posts)):
        text = chance.choice(_ORDINARY).format(n=chance.randrange(2, 40))
        posts.append([row(number, f"ordinary-{number}", text)])
    lines = [r.line().encode() for r in shuffled(posts, seed)]
    for number in range(BAD):
        bad = (b'{"id": "half-%d", "text": "afgeb' % number, b'{"id": "b-%d", "text": "\xff\xc3"}' % number)[number % 2]
        lines.insert(chance.randrange(len(lines)), bad)
    file.write_bytes(b"\n".join(lines) + b"\n")


def flagged_texts(maker: Maker, analyse: Analyse, settings: DetectionSettings, seed: int) -> list[str]:
    """Invented threats that this version of the detection flags."""
    texts = list(threats(400, seed))
    posts = [maker.post(str(n), mask(text).text) for n, text in enumerate(texts)]
    return [text for text, a in zip(texts, analyse(posts, settings), strict=True) if a.flagged]


@dataclass
class Expected:
    """What the queue and the books must hold in the end."""

    events: set[UUID] = field(default_factory=set)
    heads: dict[UUID, tuple[UUID, bool]] = field(default_factory=dict)
    sightings: dict[UUID, UUID] = field(default_factory=dict)
    ever_flagged: set[UUID] = field(default_factory=set)
    versions: set[tuple[str, str, str]] = field(default_factory=set)


class _Kept:
    """A sink, books and dead letters that only remember, to read the export once without any road."""

    def __init__(self) -> None:
        self.records: list[Post | PostRemoved] = []
        self.letters: list[DeadLetter] = []

    def accept(self, batch: Sequence[Post | PostRemoved], cursor: Cursor | None) -> None:
        self.records += batch

    def park(self, letter: DeadLetter) -> None:
        self.letters.append(letter)

    def position(self, collector: str, order_id: UUID, seed: int) -> str | None:
        return None

    def report(self, health: SourceHealth) -> None:
        pass


def expected_of(export: Path, id_key: bytes, folder: Path, analyse: Analyse, settings: DetectionSettings) -> Expected:
    """Read, mask and analyse the export by direct calls, and take each post's last version."""
    key, kept, now = IdKey(id_key), _Kept(), datetime.now(UTC)
    order = _order(now)
    outlet = Outlet(
        "expected",
        order,
        0,
        sink=kept,
        dead_letters=kept,
        books=kept,
        maker=PostMaker(key, Sealer(KeyFolder(folder).link_public_key)),
        permission=Permission(order.id, lambda _: order, lambda: now),
        clock=lambda: now,
    )
    with export.open("rb") as opened:
        import_file(opened, export.name, "proef", Mapping(), outlet, now)
    assert len(kept.letters) == BAD
    return _outcome(kept.records, key, analyse, settings)


def _outcome(
    records: Sequence[Post | PostRemoved], key: IdKey, analyse: Analyse, settings: DetectionSettings
) -> Expected:
    by_text = {r.text: r for r in records if isinstance(r, Post)}
    answers = analyse(list(by_text.values()), settings)
    flagged = {text: a.flagged for text, a in zip(by_text, answers, strict=True)}
    found = Expected(versions={(a.versions.model, a.versions.terms, a.versions.settings) for a in answers})
    for record in sorted(records, key=lambda r: r.revision):
        removed = isinstance(record, PostRemoved)
        found.heads[record.id] = (record.event_id, removed)
        found.sightings.pop(record.id, None)
        if isinstance(record, Post):
            found.events.add(record.event_id)
            if flagged[record.text]:
                found.sightings[record.id] = signal_id_of(key, record.text)
                found.ever_flagged.add(signal_id_of(key, record.text))
    return found


def _order(now: datetime) -> Order:
    """The same order as the test's installation has, so that ids and scope are equal."""
    people = [UUID(int=n) for n in range(1, 4)]
    return Order(
        id=UUID("00000000-0000-4000-8000-000000000001"),
        number=1,
        controller="x",
        basis="x",
        occasion="x",
        scope=Scope(sources=(Source.EXPORT,)),
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=1),
        drafted_by=people[0],
        approved_by=(people[1], people[2]),
        state=OrderState.IN_FORCE,
    )
