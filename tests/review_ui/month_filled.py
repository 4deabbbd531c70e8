"""A past month full of invented signals, and the numbers that a report of it must tell, counted here."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import psycopg

from signals.label import Category, Level
from signals.referral import Feedback, RecipientKind
from signals.signal import Outcome, RejectReason

HOME = ZoneInfo("Europe/Amsterdam")
STARTS, ENDS = datetime(2026, 10, 1, tzinfo=HOME), datetime(2026, 11, 1, tzinfo=HOME)
MONTH = "2026-10"
SENTINELS = ("kwikstaartje", "roodborstje", "winterkoninkje", "grutto-link", "Wulp College", "boomklever")
"""Text, duiding, excerpt, hash of a link, school and person: none of them may stand in a report."""
PLACES = (
    ("ns:KMA", "station", "Krommenie-Assendelft", "Zaanstad"),
    ("area:amsterdam/noord", "area", "Noord", "Amsterdam Noord"),
    ("brin:99ZZ99", "school", SENTINELS[4], None),
)
"""Id, kind, name, and the district it lies in; the last is in no gazetteer."""


@dataclass
class Filled:
    """What was put there: by section and label, for everything, and what came from the Zaanstreek."""

    numbers: Counter[tuple[str, str]] = field(default_factory=Counter)
    zaanstreek: Counter[tuple[str, str]] = field(default_factory=Counter)
    districts: Counter[str] = field(default_factory=Counter)

    def add(self, section: str, label: str, place: str) -> None:
        """Count one."""
        self.numbers[section, label] += 1
        if place == "ns:KMA":
            self.zaanstreek[section, label] += 1


def fill(owner: psycopg.Connection, readers: tuple[UUID, UUID], signals: int = 150, seed: int = 8) -> Filled:
    """Put a month of signals there, a few just before and just after it, and golden cards, which count nowhere."""
    random, filled = Random(seed), Filled()
    contacts = {kind: _contact(owner, kind) for kind in RecipientKind}
    for number in range(signals):
        inside = number % 15 != 14
        moments = (STARTS, ENDS - timedelta(microseconds=1)) if inside else (STARTS - timedelta(microseconds=1), ENDS)
        at = random.choice(moments) if number % 5 == 4 else STARTS + timedelta(minutes=random.randrange(1, 43_000))
        _one(owner, random, filled if inside or STARTS <= at < ENDS else Filled(), at, readers, contacts)
    golden = _signal(owner, STARTS + timedelta(days=1), "threat", "acuut", "new", PLACES[0])
    owner.execute(
        "INSERT INTO golden_cards (signal_id, item, verdict, note, placed_at) VALUES (%s, 'x', 'reject', '', %s)",
        (golden, STARTS),
    )
    return filled


def _one(
    owner: psycopg.Connection,
    random: Random,
    filled: Filled,
    at: datetime,
    readers: tuple[UUID, UUID],
    contacts: dict[RecipientKind, tuple[UUID, UUID]],
) -> None:
    """One signal and everything that happened to it, all at the moment it came."""
    category = random.choices([*list(Category)[:-1]], (8, 6, 9, 2, 3, 1, 1))[0].value
    level = random.choices(list(Level), (1, 5, 6, 3))[0].value
    place = random.choices(PLACES, (6, 5, 2))[0]
    end = random.choices(("confirmed", "rejected", "parked", "expired"), (5, 6, 1, 1))[0]
    signal = _signal(owner, at, category, level, "referred" if end == "confirmed" else end, place)

    def count(section: str, label: str) -> None:
        filled.add(section, label, place[0])

    count("came_level", level)
    count("came_category", category)
    if place[3]:
        filled.districts[place[3]] += 1
    _event(owner, signal, at, "x", "new" if end in ("parked", "expired") else "waiting_second", end)
    count("decided", end)
    owner.execute("INSERT INTO first_eyes VALUES (%s, %s, %s, %s)", (signal, level, at, at + timedelta(minutes=7)))
    if end == "rejected":
        reason = random.choices(list(RejectReason), [9, 5] + [1] * (len(RejectReason) - 2))[0].value
        _reading(owner, signal, readers[0], 1, "reject", reason, at)
        count("rejected", reason)
    if end != "confirmed":
        return
    for reading, reader in enumerate(readers, start=1):
        _reading(owner, signal, reader, reading, "confirm", "directed", at)
    count("alike", "same")
    _event(owner, signal, at, "refer", "confirmed", "referred")
    count("decided", "referred")
    for kind in random.sample(list(RecipientKind), 3):
        _sent(owner, random, signal, contacts[kind], kind, readers[0], at, count)
    if random.random() < 0.6:
        outcome = random.choice(list(Outcome)).value
        owner.execute("UPDATE signals SET state = 'closed', outcome = %s WHERE id = %s", (outcome, signal))
        _event(owner, signal, at, "close", "referred", "closed")
        count("decided", "close")
        count("outcome", outcome)


def _sent(
    owner: psycopg.Connection,
    random: Random,
    signal: UUID,
    contact: tuple[UUID, UUID],
    kind: RecipientKind,
    by: UUID,
    at: datetime,
    count: Callable[[str, str], None],
) -> None:
    referral = uuid4()
    owner.execute(
        "INSERT INTO referrals (id, signal_id, contact_id, kind, agreement_id, why, state, prepared_by, prepared_at,"
        " expires_at, excerpt, duiding) VALUES (%s, %s, %s, %s, %s, 'x', 'read', %s, %s, %s, %s, %s)",
        (referral, signal, *(contact[0], kind.value, contact[1]), by, at, at + timedelta(days=28), *SENTINELS[2:0:-1]),
    )
    count("sent", kind.value)
    steps = ["read", "acknowledged", "fed_back"][: random.randrange(4)]
    for before, after in zip(["sent", *steps], steps, strict=False):
        owner.execute(
            "INSERT INTO referral_events (referral_id, at, from_state, to_state) VALUES (%s, %s, %s, %s)",
            (referral, at, before, after),
        )
        count("answers", after)
    if "fed_back" in steps:
        answer = random.choice(list(Feedback)).value
        owner.execute("INSERT INTO feedback VALUES (%s, %s, %s, %s)", (referral, answer, by, at))
        count("feedback", answer)


def _contact(owner: psycopg.Connection, kind: RecipientKind) -> tuple[UUID, UUID]:
    office, agreement, contact = uuid4(), uuid4(), uuid4()
    owner.execute(
        "INSERT INTO organisations (id, name, kind, municipality, police_unit) VALUES (%s, %s, %s, 'Zaanstad', %s)",
        (office, f"{SENTINELS[4]} {kind}", kind.value, "Noord-Holland" if kind is RecipientKind.POLICE else None),
    )
    owner.execute(
        "INSERT INTO agreements (id, organisation_id, purpose, fields, starts_on, ends_on)"
        " VALUES (%s, %s, 'x', '{}', '2026-01-01', '2027-01-01')",
        (agreement, office),
    )
    owner.execute(
        "INSERT INTO contacts (id, organisation_id, kind, role_name, display_name, email, review_on)"
        " VALUES (%s, %s, %s, 'rol', %s, 'iemand@example.org', '2027-01-01')",
        (contact, office, kind.value, SENTINELS[5]),
    )
    return contact, agreement


def _signal(
    owner: psycopg.Connection,
    at: datetime,
    category: str,
    level: str,
    state: str,
    place: tuple[str, str, str, str | None],
) -> UUID:
    signal = uuid4()
    owner.execute(
        "INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, sightings, seen_at,"
        " queued_at, changed_at) VALUES (%s, 'ordinary', %s, %s, %s, false, 'chat', 'nl', 'tip', 1, %s, %s, %s)",
        (signal, state, category, level, at, at, at),
    )
    owner.execute(
        "INSERT INTO sightings (post_id, signal_id, event_id, revision, source, seen_at, text, analysis, link_hash)"
        " VALUES (%s, %s, %s, 1, 'tip', %s, %s, '{}', %s)",
        (uuid4(), signal, uuid4(), at, SENTINELS[0], f"{SENTINELS[3]} {signal}"),
    )
    owner.execute(
        "INSERT INTO signal_places (signal_id, place_id, kind, name) VALUES (%s, %s, %s, %s)", (signal, *place[:3])
    )
    return signal


def _event(owner: psycopg.Connection, signal: UUID, at: datetime, step: str, before: str, after: str) -> None:
    owner.execute(
        "INSERT INTO signal_events (signal_id, at, step, from_state, to_state) VALUES (%s, %s, %s, %s, %s)",
        (signal, at, step, before, after),
    )


def _reading(
    owner: psycopg.Connection, signal: UUID, reader: UUID, reading: int, verdict: str, reason: str, at: datetime
) -> None:
    owner.execute(
        "INSERT INTO assessments (signal_id, reading, user_id, police, verdict, reason, category, level, duiding,"
        " created_at) VALUES (%s, %s, %s, false, %s, %s, 'threat', 'concreet', %s, %s)",
        (signal, reading, reader, verdict, reason, SENTINELS[1], at),
    )
