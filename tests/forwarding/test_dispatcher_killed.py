"""The dispatcher is killed at random moments: no notice is lost, and a repeat can be recognised and dropped."""

import subprocess
import sys
import time
from collections import Counter
from random import Random

from pipeline.store.connection import Database
from tests.forwarding.dispatch_process import LINES
from tests.forwarding.mailbox import Mailbox, free_port, serve
from tests.forwarding.town import STATION, Town, empty_town

NOTICES = 150
KILLS = 5


def fill(town: Town) -> None:
    """Many referrals of one signal, each with its notice, as a preparing expert would have left them."""
    signal = town.add_signal(STATION)
    with town.owner() as owner:
        owner.execute(
            "INSERT INTO organisations (name, kind, municipality) VALUES ('Gemeente', 'municipality', 'Waterstad')"
        )
        owner.execute(
            "INSERT INTO agreements (organisation_id, purpose, fields, starts_on, ends_on)"
            " SELECT id, 'proef', '{category,place}', current_date, current_date + 9 FROM organisations"
        )
        owner.execute(
            "INSERT INTO contacts (organisation_id, kind, role_name, display_name, email, review_on)"
            " SELECT o.id, 'municipality', 'rol', 'contact ' || n, 'contact' || n || '@example.org', current_date"
            "   FROM organisations o, generate_series(1, %s) n",
            (NOTICES,),
        )
        owner.execute(
            "INSERT INTO referrals (signal_id, contact_id, kind, agreement_id, why, prepared_by, prepared_at,"
            " expires_at, category, places) SELECT %s, c.id, 'municipality', a.id, 'proef', %s, now(),"
            " now() + interval '28 days', 'confrontation', '{Rietdam}' FROM contacts c, agreements a",
            (signal, town.reader),
        )
        owner.execute(
            "INSERT INTO notices (id, referral_id, kind, channel, next_try_at)"
            " SELECT gen_random_uuid(), id, 'new', 'email', now() FROM referrals"
        )


def waiting(town: Town) -> int:
    with town.owner() as owner:
        row = owner.execute("SELECT count(*) FROM notices WHERE state = 'waiting'").fetchone()
    assert row is not None
    return int(row[0])


def start(town: Town, port: int) -> subprocess.Popen[str]:
    role = "seinpost_dispatch"
    url = town.database.url.set(username=role, password=town.database.password(role))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.forwarding.dispatch_process", str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(url.render_as_string(hide_password=False) + "\n")
    process.stdin.close()
    return process


def test_a_killed_dispatcher_loses_no_notice_and_every_repeat_has_the_same_message_id(database: Database) -> None:
    town, chance, mailbox, port = empty_town(database), Random(20261122), Mailbox(), free_port()
    fill(town)
    controller = serve(mailbox, port)
    try:
        for kill in range(KILLS):
            process = start(town, port)
            goal = NOTICES * (kill + 1) // (KILLS + 2) + chance.randrange(10)
            while len(mailbox.received) < goal and process.poll() is None:
                time.sleep(0.001)
            process.kill()
            process.wait()
        began, left = time.monotonic(), waiting(town)
        assert left > 0, "every kill must fall while notices wait"
        process = start(town, port)
        while waiting(town):
            assert time.monotonic() - began < 60
            time.sleep(0.05)
        process.kill()
        process.wait()
    finally:
        controller.stop()
    told = Counter(message["To"] for message in mailbox.messages())
    ids = Counter(message["Message-ID"] for message in mailbox.messages())
    assert len(told) == len(ids) == NOTICES, "a notice was lost"
    assert sum(told.values()) - NOTICES <= KILLS * LINES, "more repeats than lines that were cut off"
    with town.owner() as owner:
        assert owner.execute("SELECT DISTINCT state FROM referrals").fetchall() == [("sent",)]
        assert owner.execute("SELECT count(*) FROM referral_events").fetchone() == (NOTICES,)
    print(
        f"{NOTICES} notices, {KILLS} kills, {sum(told.values()) - NOTICES} repeats, last {left} in "
        f"{time.monotonic() - began:.1f} s with start"
    )
