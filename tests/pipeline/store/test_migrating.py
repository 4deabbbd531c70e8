"""A migration means the same for ever; what follows the program of today is done beside it."""

import ast
from pathlib import Path
from uuid import uuid4

import psycopg

from pipeline.embedded_postgres import EmbeddedPostgres
from pipeline.key_folder import KeyFolder
from pipeline.store import schema
from pipeline.store.connection import Database
from pipeline.store.roles import OWNER
from pipeline.store.setup import migrate
from tests.database import owner_connection
from tests.pipeline.backed_up import new_database
from tests.road.invented import NOW

OURS = {"bench", "collectors", "forwarding", "nlp", "pipeline", "review_ui", "seinpost", "signals"}


def test_no_migration_calls_the_program_that_it_comes_with() -> None:
    for file in sorted(Path(schema.MIGRATIONS).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.split(".")[0] for name in names} & OURS, f"{file.name} may mean another thing tomorrow"


def test_the_words_of_texts_from_before_there_was_search_are_noted_once(
    postgres: EmbeddedPostgres, keys: KeyFolder
) -> None:
    with new_database(postgres, keys, "0010") as old:
        with owner_connection(old) as owner:
            _add(owner, "neem een shank mee")
        _migrate(old)
        with owner_connection(old) as owner:
            assert owner.execute("SELECT word FROM listed_words").fetchall() == [("shank",)]
            owner.execute("DELETE FROM listed_words")
        _migrate(old)
        with owner_connection(old) as owner:
            assert owner.execute("SELECT word FROM listed_words").fetchall() == [], "the next start reads no text again"


def _migrate(database: Database) -> None:
    migrate(database.url.set(username=OWNER, password=database.password(OWNER)))


def _add(owner: psycopg.Connection, text: str) -> None:
    signal = uuid4()
    owner.execute(
        "INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, sightings, seen_at,"
        " queued_at, changed_at) VALUES (%s, 'ordinary', 'new', 'threat', 'concreet', false, 'chat', 'nl', 'export', 1,"
        " %s, %s, %s)",
        (signal, NOW, NOW, NOW),
    )
    owner.execute(
        "INSERT INTO sightings (post_id, signal_id, event_id, revision, source, seen_at, text, analysis)"
        " VALUES (%s, %s, %s, 1, 'export', %s, %s, '{}')",
        (uuid4(), signal, uuid4(), NOW, text),
    )
