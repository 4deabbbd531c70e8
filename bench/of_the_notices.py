"""How quickly notices leave: 1,000 signals that were sent to five recipients each, told by e-mail to a local server."""

import os
import time
from collections.abc import Iterator
from subprocess import Popen

from bench.road.place import Place, place
from bench.road.processes import go, machine_load, said, started, worked
from bench.row import Row

QUESTION = "How many notices leave in a second? (asked: 5,000 drain at 200 or more)"
COLUMNS = ("connections to the mail server", "notices a second", "processor time of each: dispatcher, database, mail")
SIGNALS, EACH = int(os.environ.get("BENCH_SIGNALS", "1000")), 5
CONNECTIONS = (1, 4, 8, 16)
_LONGEST = 300.0

_DIRECTORY = """
INSERT INTO users (username, display_name, pseudonym, password_hash) VALUES ('lezer', 'Lezer', 'lezer', 'x');
INSERT INTO organisations (name, kind, municipality) VALUES ('Gemeente', 'municipality', 'Waterstad');
INSERT INTO agreements (organisation_id, purpose, fields, starts_on, ends_on)
SELECT id, 'meting', '{category,place,window}', current_date, current_date + 9 FROM organisations;
"""
_CONTACTS = """
INSERT INTO contacts (organisation_id, kind, role_name, display_name, email, review_on)
SELECT o.id, 'municipality', 'rol', 'contact ' || n, 'contact' || n || '@example.org', current_date
  FROM organisations o, generate_series(1, %s) n
"""
_SIGNALS = """
INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, sightings, seen_at)
SELECT md5('told' || n)::uuid, 'urgent', 'referred', 'confrontation', 'acuut', true, 'chat', 'nl', 'tip', 1, now()
  FROM generate_series(1, %s) n
"""
_REFERRALS = """
INSERT INTO referrals (signal_id, contact_id, kind, agreement_id, why, prepared_by, prepared_at, expires_at, category,
                       places, window_start, window_end)
SELECT s.id, c.id, 'municipality', a.id, 'meting', u.id, now(), now() + interval '28 days', 'confrontation',
       '{Rietdam}', now(), now() + interval '1 hour'
  FROM signals s, contacts c, agreements a, users u WHERE u.username = 'lezer'
"""
_NOTICES = """
INSERT INTO notices (id, referral_id, kind, channel, next_try_at)
SELECT gen_random_uuid(), id, 'new', 'email', now() FROM referrals
"""


def rows() -> Iterator[Row]:
    """The same notices again for each number of connections, over the database with fsync as a user gets it."""
    with place(kafka=False) as here:
        fill(here)
        for connections in CONNECTIONS:
            rate, used = told(here, connections)
            yield Row(
                f"{connections}; load of the machine {machine_load()}",
                f"{rate:,.0f} ({SIGNALS * EACH:,}, none lost, none twice)",
                (", ".join(f"{one:.1f} ms" for one in used),),
            )


def fill(here: Place) -> None:
    """The signals and their referrals."""
    with here.owner() as owner:
        owner.execute("SET search_path = seinpost, public")
        owner.execute("ALTER TABLE referrals DISABLE TRIGGER referral_two_readers")  # nobody judges in a measurement
        owner.execute(_DIRECTORY)
        owner.execute(_CONTACTS, (EACH,))
        owner.execute(_SIGNALS, (SIGNALS,))
        owner.execute(_REFERRALS)


def told(here: Place, connections: int) -> tuple[float, list[float]]:
    """Tell a notice of each referral: how many a second, and milliseconds of processor time each, by process."""
    with here.owner() as owner:
        owner.execute("SET search_path = seinpost, public")
        owner.execute("DELETE FROM notices")
        owner.execute("UPDATE referrals SET state = 'prepared'")
        owner.execute(_NOTICES)
        owner.execute("ANALYZE")
    with (
        started("mail_sink", here.at) as mail,
        started("teller", here.at, said(mail), str(connections)) as teller,
    ):
        pids = (teller.pid, here.postgres.pid or 0, mail.pid)
        before, began = [worked(pid) for pid in pids], time.monotonic()
        go(teller)
        _drained(here, began)
        took = time.monotonic() - began
        used = [(worked(pid) - was) * 1000 / (SIGNALS * EACH) for pid, was in zip(pids, before, strict=True)]
        came, different = _counted(mail)
        teller.kill()
    assert came == different == SIGNALS * EACH, "a notice was lost or came twice"
    return SIGNALS * EACH / took, used


def _drained(here: Place, began: float) -> None:
    with here.owner() as owner:
        while True:
            row = owner.execute("SELECT count(*) FROM seinpost.notices WHERE state = 'waiting'").fetchone()
            if row == (0,):
                return
            assert time.monotonic() - began < _LONGEST, f"{row} notices still wait"
            time.sleep(0.2)


def _counted(mail: Popen[str]) -> tuple[int, int]:
    go(mail)
    came, different = said(mail).split()
    return int(came), int(different)
