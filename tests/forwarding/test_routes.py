"""Who is proposed for 227 invented signals over an invented directory of four regions, and why (`routes/README.md`)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import Connection

from forwarding.directory import import_directory
from forwarding.directory_file import read_directory
from forwarding.places import PlaceBook, shipped_places
from forwarding.routing import Proposal, propose
from nlp.places import gazetteer
from nlp.places.entry import Entry, Exactness
from pipeline.embedded_postgres import EmbeddedPostgres
from pipeline.key_folder import KeyFolder
from signals.place import PlaceKind
from signals.referral import RecipientKind
from tests.database import as_owner, fresh
from tests.forwarding.town import NOW, empty_town

ROUTES = Path(__file__).parent / "routes"
DIRECTORY = (ROUTES / "directory.json").read_text(encoding="utf-8")
HINDRANCES = {
    "no_portal": "nog geen toegang tot het portaal",
    "no_agreement": "Er is geen convenant met",
    "agreement_ended": "is niet geldig (tot 31-08-2025)",
    "agreement_not_begun": "gaat pas in op 01-01-2099",
}


@dataclass(frozen=True)
class Row:
    """One invented signal of the set, with who should be told."""

    id: str
    places: tuple[str, ...]
    category: str
    level: str
    recipients: frozenset[str]
    held: dict[str, str] = field(hash=False)
    about: tuple[str, ...]
    why: str


ROWS = [
    Row(
        row["id"],
        tuple(row["places"]),
        row["category"],
        row["level"],
        frozenset(row["recipients"]),
        row["held"],
        tuple(row["about"]),
        row["why"],
    )
    for row in map(json.loads, (ROUTES / "signals.jsonl").read_text(encoding="utf-8").splitlines())
]


@dataclass(frozen=True, eq=False)
class Region:
    """The invented directory in a database, with every signal of the set confirmed."""

    expert: Connection
    signals: dict[str, UUID]
    addresses: dict[UUID, str]
    units: dict[str, str | None]

    @cache  # noqa: B019 (one region lives as long as this module's tests)
    def proposed(self, row: Row, book: PlaceBook) -> dict[str, Proposal]:
        """The proposals for a row, in order, by what stands before the @ of the address."""
        found = propose(self.expert, self.signals[row.id], book=book)
        assert len({one.contact_id for one in found}) == len(found), "nobody is proposed twice"
        return {self.addresses[one.contact_id]: one for one in found}


@pytest.fixture(scope="module")
def region(postgres: EmbeddedPostgres, keys: KeyFolder) -> Iterator[Region]:
    with fresh(postgres, keys) as database:
        town = empty_town(database)
        content = json.loads(DIRECTORY)
        users = sorted({contact["user"] for contact in content["contacts"] if "user" in contact})
        with town.owner() as owner, owner.transaction():
            owner.cursor().executemany(
                "INSERT INTO users (username, display_name, pseudonym, password_hash) VALUES (%s, %s, %s, 'x')",
                [(user, user, f"ontvanger {user}") for user in users],
            )
        with as_owner(database) as connection:
            import_directory(connection, read_directory(DIRECTORY), shipped_places(), NOW)
        signals = {row.id: uuid4() for row in ROWS}
        with town.owner() as owner, owner.transaction():
            for row in ROWS:
                _confirmed(owner, signals[row.id], row)
            addresses = {
                contact: address.split("@")[0]
                for contact, address in owner.execute("SELECT id, email FROM contacts").fetchall()
            }
            units = {
                address.split("@")[0]: unit
                for address, unit in owner.execute(
                    "SELECT c.email, o.police_unit FROM contacts c JOIN organisations o ON o.id = c.organisation_id"
                ).fetchall()
            }
        with town.expert() as expert:
            yield Region(expert, signals, addresses, units)


def _confirmed(owner: psycopg.Connection, signal: UUID, row: Row) -> None:
    """A signal as two readers left it; routing reads nothing else of it."""
    owner.execute(
        "INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, sightings, seen_at)"
        " VALUES (%s, 'ordinary', 'confirmed', %s, %s, false, 'chat', 'nl', 'tip', 1, %s)",
        (signal, row.category, row.level, NOW),
    )
    for place_id in row.places:
        entry = shipped_places().entry(place_id)
        kind, name = (entry.kind, entry.name) if entry else (PlaceKind.AREA, "Nergenshuizen")
        owner.execute(
            "INSERT INTO signal_places (signal_id, place_id, kind, name) VALUES (%s, %s, %s, %s)",
            (signal, place_id, kind.value, name),
        )


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_exactly_who_should_be_told_is_proposed_and_each_is_explained(region: Region, row: Row) -> None:
    found = region.proposed(row, shipped_places())
    assert {key for key, one in found.items() if one.sendable} == row.recipients, row.why
    assert {key for key, one in found.items() if not one.sendable} == set(row.held), row.why
    for key, reason in row.held.items():
        assert HINDRANCES[reason] in (found[key].hindrance or ""), f"{key}: {row.why}"
    named = [entry.name for entry in map(shipped_places().entry, row.places) if entry is not None]
    for key, one in found.items():
        assert one.why.endswith("."), f"{key} has no reason"
        assert any(name[1:] in one.why for name in named), f"{key}: the reason names no place of the signal: {one.why}"


@pytest.mark.parametrize("row", [row for row in ROWS if row.category == "sexual"], ids=lambda row: row.id)
def test_sexual_harm_is_shown_help_first_then_police_then_the_school(region: Region, row: Row) -> None:
    kinds = [one.kind for one in region.proposed(row, shipped_places()).values()]
    order = [RecipientKind.HELP, RecipientKind.POLICE, RecipientKind.SCHOOL]
    assert kinds == sorted(kinds, key=order.index), row.why


@pytest.mark.parametrize("row", [row for row in ROWS if "two-units" in row.about], ids=lambda row: row.id)
def test_police_hear_of_ground_of_their_own_unit_only(region: Region, row: Row) -> None:
    grounds = {book_unit for place in row.places if (book_unit := shipped_places().police_unit(place))}
    assert len(grounds) == 2, "this row is about two units"
    for key, one in region.proposed(row, shipped_places()).items():
        if one.kind is RecipientKind.POLICE:
            unit = region.units[key]
            assert f"eenheid {unit}" in one.why
            assert not any(f"eenheid {other}" in one.why for other in grounds - {unit})


@cache
def _elsewhere() -> PlaceBook:
    """The shipped places, every inexact coordinate moved onto the station of Rotterdam, and every exact one lost."""

    def moved(entry: Entry) -> Entry:
        if entry.coordinate is Exactness.EXACT:
            return replace(entry, lat=None, lon=None, coordinate=Exactness.NONE)
        return replace(entry, lat=51.92517, lon=4.46897, coordinate=Exactness.EXACT)

    return PlaceBook(moved(entry) for entry in gazetteer.load())


def test_no_proposal_hangs_on_a_coordinate(region: Region) -> None:
    """A school, a stop and a quarter at one point are not neighbours: only lists and written containment route."""
    for row in ROWS:
        here = {key: one.why for key, one in region.proposed(row, shipped_places()).items()}
        there = {key: one.why for key, one in region.proposed(row, _elsewhere()).items()}
        assert here == there, row.id


def test_the_set_is_as_wide_as_it_claims() -> None:
    assert len({(row.category, row.level, row.places) for row in ROWS}) == len(ROWS) >= 200
    for region_name in ("rotterdam", "den-haag"):
        assert sum(row.id.startswith(region_name) for row in ROWS) >= 40
    assert sum("two-units" in row.about for row in ROWS) >= 10
    about = {word for row in ROWS for word in row.about}
    assert about >= {"school", "corridor", "inexact", "sexual", "several", "expired", "no-portal", "stand-in", "abroad"}
    named = {key for row in ROWS for key in (*row.recipients, *row.held)}
    left_out = {contact["email"].split("@")[0] for contact in json.loads(DIRECTORY)["contacts"]} - named
    assert left_out == {"otsv", "acvz", "v-zuiderzee", "yw-noord", "sc-schilders", "wa-fout"}, "whom nothing may reach"
