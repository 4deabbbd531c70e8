"""Only the unseal service opens a link, only for those who may, and the trail is written first."""

import threading
from datetime import date
from pathlib import Path
from uuid import UUID

from nacl.public import PublicKey, SealedBox
from nacl.secret import SecretBox
from nacl.utils import random
from sqlalchemy import text

from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from pipeline.unseal import Purpose, UnsealAnswer, UnsealRequest, UnsealServer, answer
from pipeline.unseal_client import UnsealClient
from tests.database import owner_connection
from tests.people import NOW, SCHOOL, Signal, add_signal, add_user

DAY = date(2026, 11, 23)
LINK = "https://voorbeeld.example/bericht/7"


def _seal(database: Database, keys: KeyFolder, signal: Signal) -> None:
    data_key = random(SecretBox.KEY_SIZE)
    wrapped = SealedBox(PublicKey(keys.link_public_key(DAY))).encrypt(data_key)
    with owner_connection(database) as owner:
        owner.execute(
            "UPDATE sightings SET link_box = %s WHERE post_id = %s",
            (SecretBox(data_key).encrypt(LINK.encode()), signal.post_id),
        )
        owner.execute("INSERT INTO link_keys VALUES (%s, 'link', %s, %s)", (signal.post_id, DAY, wrapped))


def _ask(
    database: Database, keys: KeyFolder, user: UUID, signal: Signal, reason: str = "plaats controleren"
) -> UnsealAnswer:
    engine = database.engine_for("seinpost_unseal")
    request = UnsealRequest(user_id=user, purpose=Purpose.LINK, reason=reason, signal_id=signal.id)
    found = answer(engine, keys.link_private_key, request, NOW)
    engine.dispose()
    return found


def _trail(database: Database) -> list[str]:
    with owner_connection(database) as owner:
        return [payload for (payload,) in owner.execute("SELECT payload FROM trail ORDER BY seq").fetchall()]


def test_an_expert_opens_a_link_with_a_reason_and_it_is_on_the_trail(database: Database, keys: KeyFolder) -> None:
    signal, expert = add_signal(database), add_user(database, "lezer", "expert")
    _seal(database, keys, signal)
    assert _ask(database, keys, expert, signal) == UnsealAnswer(plain=LINK)
    (line,) = _trail(database)
    assert "unseal_link" in line
    assert str(expert) in line
    assert LINK not in line
    assert "plaats controleren" not in line


def test_without_role_or_reason_or_when_attached_it_stays_closed(database: Database, keys: KeyFolder) -> None:
    signal = add_signal(database)
    _seal(database, keys, signal)
    outsider, attached = add_user(database, "geen", "tuner"), add_user(database, "eigen", "expert", school=SCHOOL)
    expert = add_user(database, "lezer", "expert")
    assert _ask(database, keys, outsider, signal).refused == "not_allowed"
    assert _ask(database, keys, attached, signal).refused == "not_allowed"
    assert _ask(database, keys, expert, signal, reason=" ").refused == "bad_request"
    assert len(_trail(database)) == 2  # a refusal is on the trail too


def test_a_shredded_link_never_opens_again(database: Database, keys: KeyFolder) -> None:
    signal, expert = add_signal(database), add_user(database, "lezer", "expert")
    _seal(database, keys, signal)
    with owner_connection(database) as owner:
        owner.execute("DELETE FROM link_keys")
    assert _ask(database, keys, expert, signal).refused == "shredded"


def test_no_other_role_reads_boxes_and_keys_together(database: Database) -> None:
    with owner_connection(database) as owner:
        for role in ("seinpost_expert", "seinpost_web", "seinpost_dispatch", "seinpost_collect", "seinpost_relay"):
            allowed = owner.execute(
                "SELECT has_column_privilege(%s, 'sightings', 'link_box', 'SELECT')"
                " OR has_table_privilege(%s, 'link_keys', 'SELECT')",
                (role, role),
            ).fetchone()
            assert allowed == (False,), role


def test_the_socket_answers_questions_and_refuses_nonsense(database: Database, keys: KeyFolder, tmp_path: Path) -> None:
    signal, expert = add_signal(database), add_user(database, "lezer", "expert")
    _seal(database, keys, signal)
    engine, stop = database.engine_for("seinpost_unseal"), threading.Event()
    server = UnsealServer(tmp_path / "u.sock", engine, keys.link_private_key, lambda: NOW)
    thread = threading.Thread(target=server.run, args=(stop,))
    thread.start()
    try:
        client = UnsealClient(tmp_path / "u.sock")
        request = UnsealRequest(user_id=expert, purpose=Purpose.LINK, reason="plaats controleren", signal_id=signal.id)
        assert client.ask(request).plain == LINK
        assert (tmp_path / "u.sock").stat().st_mode & 0o077 == 0
    finally:
        stop.set()
        thread.join(5)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    engine.dispose()
