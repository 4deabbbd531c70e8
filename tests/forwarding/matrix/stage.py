"""One state of the house for the whole matrix: a recipient of every kind, and a signal for every situation.

Every field of every signal holds words that stand nowhere else, so that a leak is found by looking for them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from nacl.public import PublicKey, SealedBox
from nacl.secret import SecretBox
from nacl.utils import random

from forwarding.referrals import prepare
from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from signals.referral import Field, RecipientKind
from tests.forwarding.matrix.table import FIELDS, Situation
from tests.forwarding.town import BOOK, OTHER_AREA, SCHOOL_X, SCHOOL_Y, STATION, Town
from tests.portal.conftest import House, house_in

KINDS = tuple(RecipientKind)
LINK = "https://voorbeeld.example/zylink/7"
SITUATIONS = (
    Situation("plain"),
    Situation("switch off when sent", switch_when_sent=False),
    Situation("sexual", category="sexual"),
    Situation("place notice", place_notice=True),
    Situation("attention", level="aandacht"),
    Situation("concrete", level="concreet"),
    Situation("source gone", source_gone=True),
)
NARROWER = tuple(Situation(f"without {left_out}", agreed=frozenset(FIELDS) - {left_out}) for left_out in FIELDS)
"""Agreements that leave one field out."""


@dataclass(frozen=True)
class Sent:
    """A signal that was sent, the words to look for, and each recipient's referral by the name of the recipient."""

    situation: Situation
    signal: UUID
    number: int
    fragment: str
    first: str
    second: str
    start: datetime
    end: datetime
    referrals: dict[str, UUID]


@dataclass
class Stage:
    """The house with what was sent in it."""

    house: House
    keys: KeyFolder
    now: datetime
    sent: dict[str, Sent] = field(default_factory=dict)
    contacts: dict[str, UUID] = field(default_factory=dict)
    _count: int = 0

    @property
    def town(self) -> Town:
        """Its people and places."""
        return self.house.town

    @contextmanager
    def owner(self) -> Iterator[psycopg.Connection]:
        """A connection that sees everything."""
        with self.town.owner() as connection:
            yield connection

    def switch(self, on: bool) -> None:
        """Turn the police_excerpt switch, for the screens and in the database."""
        state = self.house.world.app.state
        state.dependencies = replace(state.dependencies, police_excerpt=on)
        with self.owner() as owner:
            owner.execute("SELECT set_switch('police_excerpt', %s, now())", (on,))

    def switched_on(self) -> bool:
        """How the database has the switch."""
        with self.owner() as owner:
            return owner.execute("SELECT 1 FROM switches WHERE is_on").fetchone() is not None

    def send(self, situation: Situation, *names: str) -> Sent:
        """A signal in this situation, read and sent to these recipients."""
        self._count += 1
        letters = "".join(chr(ord("a") + int(digit)) for digit in f"{self._count:02}")
        fragment, first, second = (f"zy{word}{letters}" for word in ("fragment", "eerstezin", "tweedezin"))
        signal = self.town.add_signal(
            *(SCHOOL_X, SCHOOL_Y, STATION, OTHER_AREA),
            category=situation.category,
            level=situation.level,
            text=f"{fragment} iedereen naar het station vanmiddag, niet te laat",
            duiding=f"{first} oproep met tijd en plaats. {second} komt Sanne de Vries ook?",
            readers=1 if situation.place_notice else 2,
        )
        start, end = self.now + timedelta(hours=2, minutes=17), self.now + timedelta(hours=3, minutes=34)
        with self.owner() as owner:
            owner.execute("UPDATE signals SET window_start = %s, window_end = %s WHERE id = %s", (start, end, signal))
            (number,) = owner.execute("SELECT number FROM signals WHERE id = %s", (signal,)).fetchone() or (0,)
            self._seal(owner, signal)
        with self.town.expert() as connection:
            contacts = [self.contacts[name] for name in names]
            made = prepare(
                *(connection, signal, contacts, self.town.reader, self.now, situation.switch_when_sent),
                place_notice=situation.place_notice,
                book=BOOK,
            )
        if situation.source_gone:
            with self.owner() as owner:
                owner.execute("UPDATE signals SET source_removed_at = now() WHERE id = %s", (signal,))
        referrals = dict(zip(names, made, strict=True))
        sent = Sent(situation, signal, number, fragment, first, second, start, end, referrals)
        self.sent[situation.name] = sent
        return sent

    def add(self, name: str, kind: RecipientKind, agreed: frozenset[str] = frozenset(FIELDS)) -> None:
        """A recipient who can log in, with an organisation and an agreement of its own."""
        self.contacts[name] = self.house.add_recipient(name, kind, tuple(Field(field) for field in sorted(agreed)))

    def _seal(self, owner: psycopg.Connection, signal: UUID) -> None:
        """Give the signal's post a source link, sealed as a collector seals it."""
        data_key, day = random(SecretBox.KEY_SIZE), self.now.date()
        wrapped = SealedBox(PublicKey(self.keys.link_public_key(day))).encrypt(data_key)
        row = owner.execute(
            "UPDATE sightings SET link_box = %s WHERE signal_id = %s RETURNING post_id",
            (SecretBox(data_key).encrypt(LINK.encode()), signal),
        ).fetchone()
        assert row is not None
        owner.execute("INSERT INTO link_keys VALUES (%s, 'link', %s, %s)", (row[0], day, wrapped))


@contextmanager
def staged(database: Database, keys: KeyFolder) -> Iterator[Stage]:
    """The house, with every situation sent to a recipient of every kind, and to the ones with narrower agreements."""
    with house_in(database, keys) as house, pytest.MonkeyPatch.context() as patch:
        for module in ("views", "routing", "referrals"):
            patch.setattr(f"forwarding.{module}.installed_places", lambda: BOOK)
        house.world.people["lezer"] = house.town.reader
        stage = Stage(house, keys, house.world.clock.now)
        stage.switch(True)
        for kind in KINDS:
            stage.add(kind.value, kind)
        for situation in SITUATIONS:
            stage.send(situation, *(kind.value for kind in KINDS))
        for situation in NARROWER:
            names = {kind: f"{kind.value}.{situation.name.replace(' ', '.')}" for kind in KINDS}
            for kind, name in names.items():
                stage.add(name, kind, situation.agreed)
            stage.send(situation, *names.values())
        yield stage
