"""An invented installation full of signals in every state, and what a test needs to back it up and to put it back."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from nacl.public import PrivateKey
from psycopg import sql
from psycopg.types.json import Jsonb

from collectors.sealing import Sealer
from pipeline import envelope
from pipeline.backup import making, restoring, seal_keys
from pipeline.backup.making import Made
from pipeline.backup.restoring import Restored
from pipeline.embedded_postgres import EmbeddedPostgres
from pipeline.key_folder import KeyFolder
from pipeline.store import schema, trail
from pipeline.store.connection import Database
from pipeline.store.roles import OWNER
from signals.signal import SignalState
from tests.database import as_owner, owner_connection
from tests.people import Signal, add_contact, add_signal, add_user, assess, refer

TODAY = datetime.now(UTC)
LINK, NAMED = "https://bericht.example/verzonnen/7", "morgen wacht Verzonnen Naam bij het station"


@dataclass
class Town:
    """Who and what is in the database."""

    expert: UUID
    signals: dict[str, Signal] = field(default_factory=dict)
    referral: UUID | None = None


def fill(database: Database, keys: KeyFolder) -> Town:
    """A signal in every state, each with a sealed link and names, and everything around them."""
    town = Town(add_user(database, "lezer", "expert"))
    second, coordinator = add_user(database, "tweede", "expert"), add_user(database, "school", "recipient")
    contact, agreement = add_contact(database, user=coordinator)
    for state in ("new", *sorted(s.value for s in SignalState if s.value not in ("new", "claimed"))):
        signal = add_signal(database, state=state, school=None)
        town.signals[state] = signal
        if state in ("waiting_second", "casusoverleg", "confirmed", "referred", "closed"):
            assess(database, signal.id, town.expert, 1)
        if state in ("confirmed", "referred", "closed"):
            assess(database, signal.id, second, 2)
        if state in ("referred", "closed"):
            town.referral = refer(database, signal.id, contact, agreement, town.expert)
        _seal(database, keys, signal)
        if state == "expired":
            _forget(database, signal)
    _around(database, keys, town)
    return town


def _seal(database: Database, keys: KeyFolder, signal: Signal) -> None:
    sealer = Sealer(keys.link_public_key)
    link, names = sealer.seal(LINK, TODAY.date()), sealer.seal(NAMED, TODAY.date())
    with owner_connection(database) as owner:
        owner.execute(
            "UPDATE sightings SET link_box = %s, names_box = %s, link_hash = %s, analysis = %s, seen_at = %s"
            " WHERE post_id = %s",
            (
                *(link.box, names.box, hashlib.sha256(signal.post_id.bytes).hexdigest()),
                *(Jsonb({"level": "concreet", "facts": {"place": [[1, 4]]}, "reasons": [{"why": "oproep"}]}), TODAY),
                signal.post_id,
            ),
        )
        for purpose, sealed in (("link", link), ("names", names)):
            owner.execute(
                "INSERT INTO link_keys VALUES (%s, %s, %s, %s)",
                (signal.post_id, purpose, sealed.key_day, sealed.wrapped_key),
            )
        owner.execute("UPDATE assessments SET duiding = 'tekst van de lezer' WHERE signal_id = %s", (signal.id,))
        owner.execute("UPDATE signals SET seen_at = %s WHERE id = %s", (TODAY, signal.id))


def _forget(database: Database, signal: Signal) -> None:
    """As retention empties a text."""
    with owner_connection(database) as owner:
        owner.execute(
            "UPDATE sightings SET text = NULL, link_box = NULL, names_box = NULL, link_hash = NULL,"
            """ analysis = analysis || '{"facts": {}, "places": [], "reasons": []}' WHERE post_id = %s""",
            (signal.post_id,),
        )
        owner.execute("DELETE FROM link_keys WHERE post_id = %s", (signal.post_id,))


def _around(database: Database, keys: KeyFolder, town: Town) -> None:
    drafter, *others = (add_user(database, name, "order_approver") for name in ("een", "twee", "drie"))
    with owner_connection(database) as owner:
        order = owner.execute(
            "INSERT INTO orders (controller, basis, occasion, scope, starts_at, ends_at, drafted_by)"
            " VALUES ('gemeente', 'basis', E'met\\ttab en\\nregel', '{}', now(), now() + interval '7 days', %s)"
            " RETURNING id",
            (drafter,),
        ).fetchall()[0][0]
        for other in others:
            owner.execute("INSERT INTO order_approvals (order_id, user_id) VALUES (%s, %s)", (order, other))
        owner.execute("UPDATE orders SET state = 'in_force'")
        owner.execute("INSERT INTO cursors VALUES ('export', %s, 1, 'plaats', now())", (order,))
        for signal in town.signals.values():
            owner.execute(
                "INSERT INTO signal_events (signal_id, at, step, to_state) VALUES (%s, now(), 'arrive', 'new')",
                (signal.id,),
            )
            owner.execute(
                "INSERT INTO post_heads VALUES (%s, 1, %s, false, %s, now())", (signal.post_id, uuid4(), signal.id)
            )
            owner.execute(
                "INSERT INTO analyses VALUES (%s, %s, 1, 'export', true, 0.9, 'threat', 'concreet', 'chat', 'nl',"
                " 'm', 't', 's', now())",
                (uuid4(), signal.post_id),
            )
            owner.execute(
                "INSERT INTO outbox (event_id, topic, key, body) VALUES (%s, 'seinpost.decisions.v1', 'k', '{}')",
                (uuid4(),),
            )
        owner.execute(
            "INSERT INTO dead_letters VALUES (%s, 'malformed', 'import', 'export', 3, 'aa', '', '', now(), now(), %s)",
            (uuid4(), envelope.seal(b"xyz", keys, TODAY)),
        )
        owner.execute("INSERT INTO consumer_offsets VALUES ('seinpost-intake', 'seinpost.signals.v1', 3, 4200, 7)")
        owner.execute("INSERT INTO raw_window VALUES (%s, now(), now(), 'x')", (uuid4(),))
        owner.execute(
            "INSERT INTO web_sessions VALUES ('hash', %s, 'csrf', now(), now(), now() + interval '1 hour')",
            (town.expert,),
        )
    engine = database.engine_for("seinpost_retention")
    with engine.begin() as connection:
        for number in range(5):
            trail.append(connection, "viewed", "signal", str(number), TODAY)
    engine.dispose()


@contextmanager
def new_database(postgres: EmbeddedPostgres, keys: KeyFolder, revision: str = schema.NEWEST) -> Iterator[Database]:
    """One more database of the installation, as `seinpost setup` makes it, at a schema of choice."""
    name = f"again_{secrets.token_hex(6)}"
    admin_url = postgres.admin_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER)))
        admin.execute(sql.SQL("ALTER DATABASE {} SET search_path = seinpost, public").format(sql.Identifier(name)))
    made = Database(postgres.url.set(database=name), keys.database_password)
    with as_owner(made) as connection:
        schema.upgrade(connection, revision)
    yield made
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@dataclass
class Vault:
    """A folder of backups, and the secret that is kept elsewhere."""

    keys: KeyFolder
    folder: Path
    secret: PrivateKey

    def back_up(self, database: Database, moment: datetime = TODAY, revision: str | None = None) -> Made:
        """One backup."""
        url = database.url.set(drivername="postgresql", username=OWNER, password=database.password(OWNER))
        with psycopg.connect(url.render_as_string(hide_password=False)) as owner:
            return making.make(
                owner, revision or schema.newest(), self.keys, self.folder, moment, "test", lambda _table, _size: None
            )

    def put_back(self, into: Database, moment: datetime = TODAY) -> Restored:
        """Restore the newest backup as the command does, all but the sweep."""
        where, what = restoring.chosen(self.folder, self.secret, self.keys)
        with as_owner(into) as connection:
            done = restoring.restore(connection, self.secret, self.keys, where, what, moment)
        restoring.after(self.keys, moment)
        return done


def vault(keys: KeyFolder, folder: Path) -> Vault:
    """A vault with a new pair of keys."""
    keys.id_key()
    secret_file = folder / "elders" / f"{secrets.token_hex(4)}.key"
    secret_file.parent.mkdir(exist_ok=True, parents=True)
    seal_keys.make(keys.path, secret_file)
    return Vault(keys, folder / "backups", seal_keys.secret(secret_file))


def rows(database: Database, name: str) -> list[tuple[object, ...]]:
    """All rows of a table, in a fixed order."""
    with owner_connection(database) as owner:
        query = sql.SQL("SELECT t::text FROM seinpost.{} t ORDER BY 1").format(sql.Identifier(name))
        return owner.execute(query).fetchall()


def later(**delta: float) -> datetime:
    """A moment after today's."""
    return TODAY + timedelta(**delta)
