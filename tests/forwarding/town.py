"""An invented town for the tests of forwarding: a small gazetteer, its directory, its users and a confirmed signal."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import Connection

from forwarding.places import PlaceBook
from pipeline.store.connection import Database, acting
from signals.place import PlaceKind
from signals.referral import Field, RecipientKind
from tests.database import owner_connection
from tests.people import add_user, assess


def _last_monday(now: datetime) -> datetime:
    """The last Monday that is past 12:13: offices are open, and what came in then is still kept today."""
    noon = now.replace(hour=12, minute=13, second=0, microsecond=0)
    days = noon.weekday() + (7 if noon.weekday() == 0 and now < noon else 0)
    return noon - timedelta(days=days)


NOW = _last_monday(datetime.now(UTC))
"""Now for what is told its time. The database's own clock says what it says, so this one goes along with it."""
NAMED_TIME = f"{(NOW + timedelta(hours=2)).astimezone(ZoneInfo('Europe/Amsterdam')):%H:%M}"
"""The time that a signal names, as it stands on a page: 15:13, or 16:13 in summer."""
TEXT = "iedereen naar het station vanmiddag vier uur, neem mee wat je hebt"
DUIDING = "Geen clip, oproep met tijd en plaats. Komt Sanne de Vries ook?"
ALL_FIELDS = tuple(Field)


@dataclass(frozen=True)
class Spot:
    """A place of the invented gazetteer."""

    id: str
    kind: PlaceKind
    name: str
    municipality: str = "Waterstad"
    parent: str = ""
    police_unit: str = "Polderland"
    former: tuple[str, ...] = ()


SCHOOL_X = Spot("brin:90XX01", PlaceKind.SCHOOL, "Lisdodde College", parent="area:rietdam")
SCHOOL_Y = Spot("brin:90XX02", PlaceKind.SCHOOL, "Meerkoet Lyceum", parent="area:rietdam")
SCHOOL_Z = Spot("brin:90XX03", PlaceKind.SCHOOL, "Praktijkschool De Otter", parent="area:elsbroek")
STATION = Spot("ns:RDE", PlaceKind.STATION, "Rietdam-Elsbroek", parent="area:rietdam")
LONELY_STATION = Spot("ns:LON", PlaceKind.STATION, "Verweg", municipality="", police_unit="Nergensland")
TOWN = Spot("area:rietdam", PlaceKind.CITY, "Rietdam")
QUARTER = Spot("area:waterstad/kikkerhoek", PlaceKind.AREA, "Kikkerhoek", parent="area:rietdam")
ELSBROEK = Spot("area:elsbroek", PlaceKind.CITY, "Elsbroek")
CITY = Spot("cbs:GM9001", PlaceKind.CITY, "Waterstad")
OTHER_CITY = Spot("cbs:GM9002", PlaceKind.CITY, "Heuvelstad", "Heuvelstad", police_unit="Hoogland")
OTHER_AREA = Spot("area:heuvelstad/top", PlaceKind.AREA, "De Top", "Heuvelstad", police_unit="Hoogland")

SPOTS = (
    SCHOOL_X,
    SCHOOL_Y,
    SCHOOL_Z,
    STATION,
    LONELY_STATION,
    TOWN,
    QUARTER,
    ELSBROEK,
    CITY,
    OTHER_CITY,
    OTHER_AREA,
)
BOOK = PlaceBook(SPOTS)


@dataclass
class Town:
    """The invented town in a database: two readers, contacts by name, and a way to make signals."""

    database: Database
    reader: UUID
    second: UUID
    police_reader: UUID
    contacts: dict[str, UUID] = field(default_factory=dict)
    users: dict[str, UUID] = field(default_factory=dict)

    @contextmanager
    def expert(self, user: UUID | None = None) -> Iterator[Connection]:
        """A transaction as an expert."""
        engine = self.database.engine_for("seinpost_web")
        try:
            with acting(engine, user or self.reader, "seinpost_expert") as connection:
                yield connection
        finally:
            engine.dispose()

    @contextmanager
    def recipient(self, name: str, kind: RecipientKind) -> Iterator[Connection]:
        """A transaction as a recipient of one kind."""
        engine = self.database.engine_for("seinpost_web")
        try:
            with acting(engine, self.users[name], f"seinpost_recipient_{kind}") as connection:
                yield connection
        finally:
            engine.dispose()

    def owner(self) -> psycopg.Connection:
        """A connection that sees everything, to look at what was stored."""
        return owner_connection(self.database)

    def add_contact(
        self,
        name: str,
        kind: RecipientKind,
        places: tuple[Spot, ...],
        *,
        unit: str | None = None,
        agreed: tuple[Field, ...] | None = ALL_FIELDS,
        days_left: int = 30,
        active: bool = True,
        portal: bool = True,
        user: UUID | None = None,
    ) -> UUID:
        """A contact in an organisation of its own; `agreed` None: no agreement at all."""
        account = user or (add_user(self.database, name, "recipient") if portal else None)
        with self.owner() as owner:
            organisation = uuid4()
            owner.execute(
                "INSERT INTO organisations (id, name, kind, municipality, police_unit)"
                " VALUES (%s, %s, %s, 'Waterstad', %s)",
                (organisation, f"Organisatie {name} {kind}", kind.value, unit),
            )
            if agreed is not None:
                owner.execute(
                    "INSERT INTO agreements (organisation_id, purpose, fields, starts_on, ends_on)"
                    " VALUES (%s, 'schoolveiligheid', %s, current_date - 90, current_date + %s)",
                    (organisation, [f.value for f in agreed], days_left),
                )
            contact = uuid4()
            owner.execute(
                "INSERT INTO contacts (id, organisation_id, user_id, kind, role_name, display_name, email, review_on,"
                " active) VALUES (%s, %s, %s, %s, %s, %s, %s, current_date + 90, %s)",
                (contact, organisation, account, kind.value, f"rol {kind}", name, f"{name}@example.org", active),
            )
            for place in places:
                owner.execute("INSERT INTO contact_places VALUES (%s, %s)", (contact, place.id))
        self.contacts[name if user is None else f"{name}-{kind}"] = contact
        if account is not None:
            self.users[name] = account
        return contact

    def add_corridor(self, place: Spot, *schools: Spot) -> None:
        """A list of schools that a place concerns."""
        with self.owner() as owner:
            for school in schools:
                owner.execute(
                    "INSERT INTO corridors VALUES (%s, %s, %s, current_date)", (place.id, school.id, self.reader)
                )

    def add_signal(
        self,
        *places: Spot,
        category: str = "confrontation",
        level: str = "acuut",
        text: str | None = TEXT,
        readers: int = 2,
        duiding: str = DUIDING,
        removed: bool = False,
    ) -> UUID:
        """A signal that `readers` readers confirmed (none, one, two)."""
        signal = uuid4()
        state = {0: "new", 1: "waiting_second", 2: "confirmed"}[readers]
        with self.owner() as owner:
            owner.execute(
                "INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, sightings,"
                " seen_at, window_start, window_end, source_removed_at)"
                " VALUES (%s, 'urgent', %s, %s, %s, true, 'chat', 'nl', 'tip', 1, %s, %s, %s, %s)",
                (
                    *(signal, state, category, level, NOW, NOW + timedelta(hours=2), NOW + timedelta(hours=3)),
                    NOW if removed else None,
                ),
            )
            start = (text or "").find("vanmiddag")
            analysis = {"reasons": [{"start": start, "end": start + 9, "why": "tijd"}]} if start >= 0 else {}
            owner.execute(
                "INSERT INTO sightings (post_id, signal_id, event_id, revision, source, seen_at, text, analysis)"
                " VALUES (%s, %s, %s, 1, 'tip', %s, %s, %s)",
                (uuid4(), signal, uuid4(), NOW, text, Jsonb(analysis)),
            )
            for place in places:
                owner.execute(
                    "INSERT INTO signal_places (signal_id, place_id, kind, name) VALUES (%s, %s, %s, %s)",
                    (signal, place.id, place.kind.value, place.name),
                )
        for reading, user in enumerate((self.reader, self.second)[:readers], start=1):
            assess(self.database, signal, user, reading, level=level)
        if readers:
            with self.owner() as owner:
                owner.execute(
                    "UPDATE assessments SET duiding = %s WHERE signal_id = %s AND reading = 1", (duiding, signal)
                )
        return signal


def empty_town(database: Database) -> Town:
    """The readers only."""
    return Town(
        database,
        add_user(database, "lezer.een", "expert"),
        add_user(database, "lezer.twee", "expert"),
        add_user(database, "lezer.politie", "expert", police=True),
    )


def whole_town(database: Database) -> Town:
    """Contacts of every kind around the station, with a corridor to three schools."""
    town = empty_town(database)
    town.add_contact("coordinator.x", RecipientKind.SCHOOL, (SCHOOL_X,))
    town.add_contact("coordinator.y", RecipientKind.SCHOOL, (SCHOOL_Y,))
    town.add_contact("coordinator.z", RecipientKind.SCHOOL, (SCHOOL_Z,))
    town.add_contact("wijkagent", RecipientKind.POLICE, (TOWN,), unit="Polderland")
    town.add_contact("wijkagent.heuvelstad", RecipientKind.POLICE, (OTHER_CITY,), unit="Hoogland")
    town.add_contact("jenv", RecipientKind.MUNICIPALITY, (CITY,))
    town.add_contact("jongerenwerk", RecipientKind.FIELD, (TOWN,))
    town.add_contact("handhaving", RecipientKind.FIELD, (CITY,))
    town.add_contact("hulp", RecipientKind.HELP, (CITY,))
    town.add_contact("otsv", RecipientKind.ESCALATION, (CITY,))
    town.add_corridor(STATION, SCHOOL_X, SCHOOL_Y, SCHOOL_Z)
    return town
