"""Messages for the fuzz of the road: real records and what may become of them under way, on any of the four topics.

Each message differs from a good one in at least one way. Whether it is bad is for the road to find out.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from random import Random
from uuid import UUID, uuid5

from pipeline import envelope
from pipeline.envelope import HourKeys
from pipeline.kafka.bundles import Piece, of_answers, of_records, partition_of, piece_of
from pipeline.kafka.dead_letters import of_letter
from pipeline.kafka.messages import Outgoing
from pipeline.letters import ANALYSE, INTAKE, letter
from pipeline.topics import POSTS, POSTS_DEAD, SIGNALS, SIGNALS_DEAD, Topic
from signals.analysed import ANALYSED_RECORD, Analysed
from signals.dead_letter import DeadReason
from signals.post import POST_RECORD, Post, PostRemoved, Source
from tests.road.fuzz_values import Pool, odd_piece
from tests.road.invented import NOW, Maker, found_in

_NAMES = UUID("00000000-0000-4000-8000-0000000000f5")
_MIB = 1 << 20


@dataclass(frozen=True)
class Shot:
    """One message as it goes to the broker."""

    topic: Topic
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes]]


class Remembered:
    """Hour keys of a folder, each read once: the generator seals every message."""

    def __init__(self, keys: HourKeys) -> None:
        self.hour_key = cache(keys.hour_key)
        self.hour_key_if_alive = cache(keys.hour_key_if_alive)


@dataclass
class Forge:
    """Makes messages. `strange` is another installation's key folder; one hour of `keys` was destroyed."""

    random: Random
    maker: Maker
    keys: HourKeys
    strange: HourKeys
    pool: Pool
    count: int = 0
    before: list[Post | PostRemoved] = field(default_factory=list)

    def shots(self, number: int) -> list[Shot]:
        """So many messages."""
        return [self._shot() for _ in range(number)]

    def _shot(self) -> Shot:
        topic = self.random.choices((POSTS, SIGNALS, POSTS_DEAD, SIGNALS_DEAD), (60, 32, 4, 4))[0]
        good = self._good(topic)
        how = self.random.choices(
            (self._field, self._body, self._envelope, self._around, self._large, self._as_is), (30, 12, 20, 8, 0.1, 30)
        )[0]
        made = how(topic, good)
        return Shot(topic, good.key.encode(), made, list(good.headers)) if isinstance(made, bytes) else made

    def _good(self, topic: Topic) -> Outgoing:
        """A good message of the topic, though perhaps with hostile words, or about a post that came before."""
        record = self._record()
        if topic is POSTS:
            return of_records(self._together(record), self.keys, NOW)[0]
        if topic is SIGNALS:
            breaks = isinstance(record, Post) and "kapotmaker" in record.text
            first = found_in(self._post()) if breaks else self._analysed(record)
            return of_answers([piece_of(first), *self._others()], 0, self.keys, NOW)[0]
        step = ANALYSE if topic is POSTS_DEAD else INTAKE
        raw = POST_RECORD.dump_json(record) + f" {self.count}".encode()  # no letter that the workers make themselves
        return of_letter(letter(raw, self.random.choice(list(DeadReason)), step, "unknown", NOW), self.keys)

    def _together(self, first: Post | PostRemoved) -> list[Post | PostRemoved]:
        """Sometimes it travels with others of its partition."""
        there = partition_of(first.id, POSTS)
        others = [self._record() for _ in range(self.random.choice((0, 0, 0, 12)))]
        return [first, *(other for other in others if partition_of(other.id, POSTS) == there)]

    def _others(self) -> list[Piece]:
        posts = [self._post() for _ in range(self.random.choice((0, 0, 0, 3)))]
        return [piece_of(found_in(post)) for post in posts if "kapotmaker" not in post.text]

    def _record(self) -> Post | PostRemoved:
        self.count += 1
        old = self.random.choice(self.before) if self.before and self.random.random() < 0.25 else None
        if old is None:
            record: Post | PostRemoved = (
                self._post() if self.random.random() < 0.9 else self.maker.removed(f"r{self.count}", 1)
            )
        else:
            record = self._again(old)
        self.before = [*self.before[-199:], record]
        return record

    def _post(self) -> Post:
        words = self.random.choice(self.pool.texts)[:20_000] if self.random.random() < 0.5 else f"steken {self.count}"
        source = Source.TIP if self.random.random() < 0.05 else Source.EXPORT
        return self.maker.post(f"p{self.count}", words or "leeg", source=source, sealed=self.random.random() < 0.3)

    def _again(self, old: Post | PostRemoved) -> Post | PostRemoved:
        """A record that came before: repeated, as another version, gone, or another text under the same event id."""
        chosen = self.random.randrange(4)
        if chosen == 0:
            return old
        version = self.random.choice((0, -5, old.revision, old.revision + 1, 2**40))
        event = uuid5(_NAMES, f"{self.count}")
        if chosen == 1:
            return old.model_copy(update={"revision": version, "event_id": event})
        if chosen == 2:
            return PostRemoved(
                id=old.id, event_id=event, revision=version, source=old.source, order_id=old.order_id, seen_at=NOW
            )
        return old.model_copy(update={"text": f"iets anders {self.count}"}) if isinstance(old, Post) else old

    @staticmethod
    def _analysed(record: Post | PostRemoved) -> Analysed | PostRemoved:
        return found_in(record) if isinstance(record, Post) else record

    def _as_is(self, topic: Topic, good: Outgoing) -> bytes:
        return good.value

    def _plain(self, topic: Topic, good: Outgoing) -> bytes:
        return good.value if topic in (POSTS_DEAD, SIGNALS_DEAD) else envelope.unseal(good.value, self.keys)

    def _sealed(self, topic: Topic, body: bytes) -> bytes:
        return body if topic in (POSTS_DEAD, SIGNALS_DEAD) else envelope.seal(body, self.keys, NOW)

    def _field(self, topic: Topic, good: Outgoing) -> bytes:
        """One field, somewhere in the record, is gone, odd or one too many."""
        first, *others = self._plain(topic, good).split(b"\n")
        tree = json.loads(first)
        holder = tree
        while inner := [v for v in holder.values() if isinstance(v, dict) and v] if self.random.random() < 0.6 else []:
            holder = self.random.choice(inner)
        name = self.random.choice(list(holder))
        chosen = self.random.randrange(10)
        if chosen == 0:
            del holder[name]
            return self._sealed(topic, b"\n".join([json.dumps(tree).encode(), *others]))
        if chosen == 1:
            name = self.random.choice(("author", "x" * 300, "\x00", "kind ", self.random.choice(self.pool.texts)[:50]))
        holder[name] = mark = f"hier {self.random.random()}"
        body = json.dumps(tree).encode().replace(json.dumps(mark).encode(), odd_piece(self.random, self.pool))
        return self._sealed(topic, b"\n".join([body, *others]))

    def _body(self, topic: Topic, good: Outgoing) -> bytes:
        """The record's bytes are damaged before they were encrypted."""
        plain = self._plain(topic, good)
        other = POST_RECORD.dump_json(self.maker.post(f"o{self.count}", "lekker weer"))
        at = self.random.randrange(len(plain))
        damaged = self.random.choice(
            (
                self._flipped(plain),
                plain + b"\n",
                b"\n" * self.random.choice((1, 99, 100, 5_000)),
                plain[:at] + b"\n" + plain[at:],
                plain[:at],
                plain[:at] + other[at:],
                plain + other,
                plain[:at] + self.random.choice((b"\xff", b"\xc3(", b"\xed\xa0\x80", b"\x00")) + plain[at:],
                b"",
                b"null",
                b"\xef\xbb\xbf" + plain,
                plain.decode("utf-8", "replace").encode("utf-16"),
                b"[" + plain + b"]",
                plain.replace(b'"kind":"', b'"kind":"x'),
                self.random.choice(self.pool.pieces),
            )
        )
        return self._sealed(topic, damaged)

    def _envelope(self, topic: Topic, good: Outgoing) -> bytes:
        """The encrypted bytes are damaged, or come from another hour, version or installation."""
        sealed = good.value
        plain = self._plain(topic, good)
        at = self.random.randrange(len(sealed))
        long_ago = (NOW - timedelta(days=3)).strftime("%Y-%m-%dT%H").encode()
        never = self.random.choice(
            (b"2026-13-45T99", b"0000-00-00T00", b"9999-12-31T23", b"2026-11-22 15", b"\x00" * 13)
        )
        ways: tuple[Callable[[], bytes], ...] = (
            lambda: self._flipped(sealed),
            lambda: sealed[:at],
            lambda: sealed[:at] + envelope.seal(plain, self.keys, NOW)[at:],
            lambda: sealed[:2] + long_ago + sealed[15:],
            lambda: sealed[:2] + never + sealed[15:],
            lambda: self.random.choice((b"2;", b"0;", b"1:", b";;", b"")) + sealed[2:],
            lambda: envelope.seal(plain, self.strange, NOW),
            lambda: plain,
            lambda: sealed + b"\x00",
            lambda: b"",
            lambda: self.random.randbytes(self.random.randrange(1, 400)),
            lambda: envelope.seal(sealed, self.keys, NOW),
        )
        return self.random.choice(ways)()

    def _around(self, topic: Topic, good: Outgoing) -> Shot:
        """Key and headers are wrong, missing or odd; or the body is not there at all."""
        key = self.random.choice((None, b"", b"\xff\x00", b"k" * 10_000, str(uuid5(_NAMES, "other")).encode()))
        odd = [("", b""), ("ce_id", b"\xff\xfe"), ("ce_id", b"x" * 20_000), ("ce_type", b"../../etc")]
        headers = self.random.choice(([], odd, [*good.headers, *good.headers]))
        gone = key is not None and self.random.random() < 0.1
        return Shot(topic, key, None if gone else good.value, headers)

    def _large(self, topic: Topic, good: Outgoing) -> bytes:
        """A body of a mebibyte or more; a good record of that size has a bloated sealed part."""
        chosen = self.random.randrange(3)
        if chosen == 0:
            return self._sealed(topic, b" " * (_MIB - 2_000))
        if chosen == 1:
            return self.random.randbytes(_MIB - 2_000)
        post = self.maker.post(f"l{self.count}", f"steken {self.count}", sealed=True)
        size = self.random.choice((200_000, 262_144, 780_000))
        bloated = post.model_copy(
            update={"link_hash": None, "names": post.names and post.names.model_copy(update={"box": bytes(size)})}
        )
        record = POST_RECORD.dump_json(bloated) if topic is POSTS else ANALYSED_RECORD.dump_json(found_in(bloated))
        return envelope.seal(record, self.keys, NOW)

    def _flipped(self, content: bytes) -> bytes:
        turned = bytearray(content)
        for _ in range(self.random.choice((1, 1, 2, 16))):
            turned[self.random.randrange(len(turned))] ^= 1 << self.random.randrange(8)
        return bytes(turned)
