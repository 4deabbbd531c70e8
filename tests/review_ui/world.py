"""A small invented team with signals to read, and the real app around a real database."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID, uuid4

import httpx
import psycopg
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from collectors.post_maker import PostMaker
from collectors.sealing import Sealer
from pipeline.key_folder import KeyFolder
from pipeline.store import sessions
from pipeline.store.connection import Database, acting
from pipeline.store.users import ScopeKind, UserRole
from pipeline.unseal import UnsealAnswer, UnsealRequest, answer
from review_ui.access.cookies import SESSION_COOKIE
from review_ui.app import create_app
from review_ui.dependencies import Dependencies, Reporting
from signals.analysis import Analysis, Facts, Reason, TimeWindow, Versions
from signals.label import Category, Genre, Lang, Level
from signals.place import Mention, PlaceKind
from signals.ports import Cursor
from signals.post import Post, PostRemoved
from tests.database import owner_connection

PASSWORD = "een lang verzonnen wachtwoord"
SCHOOL, STATION = "brin:90XX01", "ns:KMA"
TEXT = (
    "ewa na het zesde allemaal naar station kr-ass, die gasten van [naam] zn klas komen ook. "
    "neem mensen mee en kom niet met lege handen"
)


class Clock:
    """The installation's clock, which a test may turn."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)

    def __call__(self) -> datetime:
        """The time."""
        return self.now

    def pass_by(self, time: timedelta) -> None:
        """Let time pass."""
        self.now += time


class KeptPosts:
    """A sink that keeps what it is given, to look at."""

    def __init__(self) -> None:
        self.posts: list[Post | PostRemoved] = []

    def accept(self, batch: Sequence[Post | PostRemoved], cursor: Cursor | None) -> None:
        """Take the batch."""
        self.posts += batch


class InProcessUnseal:
    """The real unseal service's answers, without its socket."""

    def __init__(self, engine: Engine, clock: Clock, keys: KeyFolder) -> None:
        self._engine, self._clock, self._keys = engine, clock, keys

    def ask(self, request: UnsealRequest) -> UnsealAnswer:
        """Answer as the service would."""
        return answer(self._engine, self._keys.link_private_key, request, self._clock())


@dataclass
class World:
    """Everything a test of the screens needs."""

    database: Database
    clock: Clock
    app: FastAPI
    sink: KeptPosts
    people: dict[str, UUID] = field(default_factory=dict)

    @contextmanager
    def owner(self) -> Iterator[psycopg.Connection]:
        """A connection that sees everything."""
        with owner_connection(self.database) as connection:
            yield connection

    def add_person(self, username: str, *roles: UserRole, police: bool = False, school: str | None = None) -> UUID:
        """Someone who can log in."""
        held = [(role.value, "all", "") for role in roles]
        if school:
            held.append((UserRole.RECIPIENT.value, ScopeKind.SCHOOL.value, school))
        with self.owner() as owner:
            row = owner.execute(
                "INSERT INTO users (username, display_name, pseudonym, password_hash, police)"
                " VALUES (%s, %s, %s, %s, %s) RETURNING id",
                (username, username.title(), f"lezer {username}", _password_hash(), police),
            ).fetchone()
            assert row is not None
            person: UUID = row[0]
            for one in held:
                owner.execute("INSERT INTO user_roles VALUES (%s, %s, %s, %s)", (person, *one))
        self.people[username] = person
        return person

    def signed_in(self, username: str) -> "Browser":
        """A browser with a session of this person; logging in through the form is tested on its own."""
        browser = Browser(TestClient(self.app, base_url="http://localhost", follow_redirects=False))
        engine = self.app.state.dependencies.engine
        with acting(engine, None) as connection:
            token = sessions.open_session(connection, self.people[username], self.clock())
        browser.client.cookies.set(SESSION_COOKIE, token)
        browser.csrf = browser.client.get("/api/v1/session").json()["csrf"]
        return browser

    def add_signal(
        self,
        text: str | None = TEXT,
        *,
        level: Level = Level.ACUUT,
        category: Category = Category.CONFRONTATION,
        places: tuple[tuple[str, PlaceKind, str], ...] = ((STATION, PlaceKind.STATION, "Krommenie-Assendelft"),),
        window: bool = True,
        genre: Genre = Genre.CHAT,
        source: str = "bluesky-post",
        analysis: Analysis | None = None,
    ) -> UUID:
        """A flagged signal in the queue, with one sighting."""
        signal, now = uuid4(), self.clock.now
        found = analysis or analysis_of(text or "", now, level, category, genre, window)
        moment = found.window if window else None
        with self.owner() as owner:
            order = owner.execute("SELECT id FROM orders LIMIT 1").fetchone()
            owner.execute(
                "INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, sightings,"
                " posted_at, seen_at, queued_at, window_start, window_end)"
                " VALUES (%s, 'ordinary', 'new', %s, %s, true, %s, 'nl', %s, 1, %s, %s, %s, %s, %s)",
                (
                    *(signal, category.value, level.value, genre.value, source, now, now, now),
                    *((moment.start, moment.end) if moment else (None, None)),
                ),
            )
            owner.execute(
                "INSERT INTO sightings (post_id, signal_id, event_id, revision, source, order_id, posted_at, seen_at,"
                " text, analysis) VALUES (%s, %s, %s, 1, %s, %s, %s, %s, %s, %s)",
                (
                    *(uuid4(), signal, uuid4(), source, order[0] if order else None, now, now, text),
                    found.model_dump_json(),
                ),
            )
            for place_id, kind, name in places:
                owner.execute(
                    "INSERT INTO signal_places (signal_id, place_id, kind, name) VALUES (%s, %s, %s, %s)",
                    (signal, place_id, kind.value, name),
                )
        return signal

    def state_of(self, signal: UUID) -> str:
        """The stored state."""
        return str(self.one("SELECT state FROM signals WHERE id = %s", signal))

    def one(self, statement: str, *values: object) -> object:
        """The first value that a query as the owner gives."""
        with self.owner() as owner:
            row = owner.execute(statement.encode(), values).fetchone()
        assert row is not None
        return row[0]

    def add_contact(self, role: str, organisation: str, kind: str, place: str, user: UUID | None = None) -> UUID:
        """A contact with a valid agreement that lets it see all that its kind may."""
        contact, office = uuid4(), uuid4()
        unit = "Noord-Holland" if kind == "police" else None
        with self.owner() as owner:
            owner.execute(
                "INSERT INTO organisations (id, name, kind, municipality, police_unit)"
                " VALUES (%s, %s, %s, 'Zaanstad', %s)",
                (office, organisation, kind, unit),
            )
            owner.execute(
                "INSERT INTO agreements (organisation_id, purpose, fields, starts_on, ends_on) VALUES"
                " (%s, 'schoolveiligheid', '{theme,category,level,place,window,excerpt,link,duiding}',"
                "  current_date - 10, current_date + 300)",
                (office,),
            )
            owner.execute(
                "INSERT INTO contacts (id, organisation_id, user_id, kind, role_name, display_name, email, review_on)"
                " VALUES (%s, %s, %s, %s, %s, 'Verzonnen Persoon', 'iemand@example.org', current_date + 90)",
                (contact, office, user, kind, role),
            )
            owner.execute("INSERT INTO contact_places VALUES (%s, %s)", (contact, place))
        return contact

    def add_directory(self) -> None:
        """A school in the station's corridor and the wijkagent of the town, each with a portal."""
        coordinator = self.add_person("coordinator", UserRole.RECIPIENT)
        officer = self.add_person("wijkagent", UserRole.RECIPIENT, police=True)
        self.add_contact("coördinator Veilig Leefklimaat", "Lisdodde College", "school", SCHOOL, coordinator)
        self.add_contact("wijkagent", "Basisteam Rietdam", "police", "area:krommenie", officer)
        self.add_contact("wijkagent", "Basisteam Waterstad", "police", "cbs:GM0479", officer)
        with self.owner() as owner:
            owner.execute(
                "INSERT INTO corridors VALUES (%s, %s, %s, current_date)", (STATION, SCHOOL, self.people["anna"])
            )


class Browser:
    """A logged-in client that fills in forms' tokens by itself."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.csrf = ""

    def sign_in(self, username: str, password: str = PASSWORD) -> httpx.Response:
        """Through the log-in form."""
        page = self.client.get("/inloggen")
        token = page.text.split('name="csrf" value="')[1].split('"')[0]
        answered = self.client.post(
            "/inloggen", data={"username": username, "password": password, "csrf": token, "verder": "/"}
        )
        if answered.status_code == 303:
            self.csrf = self.client.get("/api/v1/session").json()["csrf"]
        return answered

    def get(self, path: str) -> httpx.Response:
        """Open a page."""
        return self.client.get(path)

    def post(self, path: str, **fields: str | list[str]) -> httpx.Response:
        """Send a form."""
        return self.client.post(path, data={"csrf": self.csrf, **fields})

    def call(self, path: str, body: object = None) -> httpx.Response:
        """An unsafe API call."""
        return self.client.post(f"/api/v1{path}", json=body, headers={"X-CSRF-Token": self.csrf})

    def judge(self, signal: UUID, choice: str, reading: int, **more: str) -> httpx.Response:
        """Send the judging form."""
        fields = {"soort": "confrontation", "niveau": "acuut", "duiding": "", **more}
        return self.post(f"/signaal/{signal}/oordeel", keuze=choice, lezing=str(reading), **fields)


@cache
def _password_hash() -> str:
    """Made once: a good hash takes its time."""
    return PasswordHasher().hash(PASSWORD)


def analysis_of(
    text: str, now: datetime, level: Level, category: Category, genre: Genre, window: bool = True
) -> Analysis:
    """An analysis that marks the words of `TEXT` it finds in a text."""

    def spans(*words: str) -> tuple[tuple[int, int], ...]:
        found = ((text.find(word), word) for word in words)
        return tuple((at, at + len(word)) for at, word in found if at >= 0)

    place = spans("station kr-ass")
    return Analysis(
        flagged=True,
        score=0.9,
        category=category,
        imminent=True,
        genre=genre,
        lang=Lang.NL,
        level=level,
        facts=Facts(
            target=spans("die gasten van [naam] zn klas"),
            place=place,
            time=spans("na het zesde") if window else (),
            means=spans("lege handen"),
            call=spans("neem mensen mee", "allemaal naar station kr-ass"),
        ),
        places=tuple(
            Mention(text=text[a:b], start=a, end=b, kind=PlaceKind.STATION, id=STATION, name="Krommenie-Assendelft")
            for a, b in place
        ),
        reasons=tuple(
            Reason(start=a, end=b, why=why)
            for words, why in (("neem mensen mee", "call to act"), ("niet met lege handen", "word for a fight"))
            for a, b in spans(words)
        ),
        window=TimeWindow(start=now + timedelta(minutes=85), end=now + timedelta(minutes=100), confidence=0.6)
        if window
        else None,
        versions=Versions(model="m1", terms="t1", settings="s1"),
    )


@contextmanager
def world_in(database: Database, keys: KeyFolder, base_url: str = "http://localhost") -> Iterator[World]:
    """The app with a team of three: Anna and Bram are experts, Chris reads for the police, Dunya works at a school."""
    clock, sink = Clock(), KeptPosts()
    engine = database.engine_for("seinpost_web", pool_size=20)
    unseal_engine = database.engine_for("seinpost_unseal", pool_size=2)
    app = create_app(
        Dependencies(
            engine=engine,
            clock=clock,
            unseal=InProcessUnseal(unseal_engine, clock, keys),
            reporting=Reporting(PostMaker(keys.id_key(), Sealer(keys.link_public_key)), sink),
            base_url=base_url,
        )
    )
    world = World(database, clock, app, sink)
    world.add_person("anna", UserRole.EXPERT)
    world.add_person("bram", UserRole.EXPERT)
    world.add_person("chris", UserRole.EXPERT, police=True)
    world.add_person("dunya", UserRole.EXPERT, school=SCHOOL)
    yield world
    app.state.bell.close()
    engine.dispose()
    unseal_engine.dispose()
