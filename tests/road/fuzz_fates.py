"""What became of each record in each fuzzed message: stored, or set aside as exactly one letter. Anything else is told.

It works out which letters a message could lead to, and looks in the books which are there.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from pydantic import ValidationError

from pipeline import envelope
from pipeline.envelope import HourKeys
from pipeline.kafka.bundles import MOST_RECORDS
from pipeline.kafka.dead_letters import read_letter
from pipeline.letters import ANALYSE, INTAKE, letter_id
from pipeline.store.post_heads import Head, is_news, post_of
from pipeline.topics import POSTS, SIGNALS
from signals.analysed import ANALYSED_RECORD, Analysed
from signals.post import POST_RECORD, PostRemoved
from tests.road.books import Books
from tests.road.fuzz_making import Shot
from tests.road.invented import found_in

STRAY = "dead-letters"
"""Step of a letter about a message on a topic of letters that is none."""


@dataclass
class Possible:
    """What may come of one message: the record that may be stored, and the letters that may be written."""

    record: Analysed | PostRemoved | None = None
    letters: set[UUID] = field(default_factory=set)


@dataclass
class Tally:
    """How many records ended how, and those with no fate or two."""

    stored: int = 0
    aside: int = 0
    lost: list[str] = field(default_factory=list)
    stray_letters: set[UUID] = field(default_factory=set)


def tally(shots: Sequence[Shot], books: Books, keys: HourKeys) -> Tally:
    """Look up the fate of every message."""
    book = {row[0] for row in books.rows("SELECT id FROM dead_letters")}
    events = {row[0] for row in books.rows("SELECT event_id FROM analyses")}
    heads = {
        post: Head(revision, event, removed)
        for post, revision, event, removed in books.rows("SELECT post_id, revision, event_id, removed FROM post_heads")
    }
    found = Tally()
    parts = [(shot, may) for shot in shots for may in _possible(shot, keys)]
    possible = [may for _, may in parts]
    used = Counter(p.record.event_id for p in possible if p.record is not None)
    led_to = Counter(letter for may in possible for letter in may.letters)
    unreadable = {letter for may in possible if may.record is None for letter in may.letters}
    for shot, may in parts:
        hits = may.letters & book
        if may.record is not None and len(hits) > 1:
            # The same record also came unsealed and has its letter; this one has the other.
            hits -= unreadable
        aside = len(hits)
        head = None if may.record is None else heads.get(post_of(may.record))
        own = may.record is not None and (
            may.record.event_id in events or (head is not None and head.event_id == may.record.event_id)
        )
        # A version that another one overtook was taken too: it only has nothing left to say.
        taken = own or (may.record is not None and not is_news(may.record, head))
        # Two records with one event id: the one may be stored and the other refused by the database.
        shared = may.record is not None and used[may.record.event_id] > 1
        # The same record also came unsealed, and that message lies aside: a letter is named after its step and bytes.
        anothers = all(led_to[letter] > 1 for letter in hits)
        if (aside == 1 and (not own or shared or anothers)) or (aside == 0 and taken):
            found.aside += aside
            found.stored += not aside
        else:
            found.lost.append(f"{shot.topic.name}: stored {own}, letters {aside}: {(shot.value or b'')[:80]!r}")
    found.stray_letters = book - {each for may in possible for each in may.letters}
    return found


def _possible(shot: Shot, keys: HourKeys) -> list[Possible]:
    """What may become of each record in a message, or of the message where it holds none."""
    value = shot.value or b""
    if shot.topic not in (POSTS, SIGNALS):
        parsed = read_letter(value)
        own = {letter_id(parsed[0])} if parsed else set()
        return [Possible(letters=own | {_id(STRAY, value)})]
    step = ANALYSE if shot.topic is POSTS else INTAKE
    try:
        body = envelope.unseal(value, keys)
    except (envelope.Undecryptable, envelope.HourKeyGone):
        return [Possible(letters={_id(step, value)})]
    lines = [body] if body.count(b"\n") >= MOST_RECORDS else body.split(b"\n")
    return [_of_line(shot, step, line) for line in lines]


def _of_line(shot: Shot, step: str, body: bytes) -> Possible:
    try:
        if shot.topic is SIGNALS:
            return _of_record(ANALYSED_RECORD.validate_json(body))
        record = POST_RECORD.validate_json(body)
    except ValidationError:
        return Possible(letters={_id(step, body)})
    if isinstance(record, PostRemoved):
        may = _of_record(record)
    elif "kapotmaker" in record.text:
        may = Possible()
    else:
        may = _of_record(found_in(record))
    may.letters.add(_id(ANALYSE, POST_RECORD.dump_json(record)))
    return may


def _of_record(record: Analysed | PostRemoved) -> Possible:
    return Possible(record, {_id(INTAKE, ANALYSED_RECORD.dump_json(record))})


def _id(step: str, content: bytes) -> UUID:
    digest = hashlib.sha256(content).hexdigest()
    return UUID(bytes=hashlib.sha256(f"{step}\n{digest}".encode()).digest()[:16])
