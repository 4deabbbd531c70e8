"""Makes the open signals of a filled database what a team has before it: texts with marks, moments, several states.

A reader's own past stands there too, so that what is asked about one reader has something to go through.
"""

from datetime import timedelta
from itertools import cycle, islice
from uuid import UUID

import psycopg

from bench.road.place import now
from signals.analysis import Analysis, Facts, Reason, TimeWindow, Versions
from signals.label import Category, Genre, Lang, Level
from signals.place import Mention, PlaceKind

READ_BEFORE = 5_000
"""Readings of one reader in a year or so."""
SCHOOL = "brin:00XX00"
_SAID = (
    (
        "ewa na het zesde allemaal naar {place}, die gasten van 4V komen ook."
        " neem mensen mee en kom niet met lege handen"
    ),
    (
        "iedereen weet wat er gisteren bij {place} was. vrijdag na school is het andersom, zorg dat je er bent"
        " en vertel het door aan de rest van de groep, wij komen met twintig man"
        " en we gaan niet weg voordat het klaar is"
    ),
    ("wie heeft er nog iets nodig, vanavond bij {place}. alleen contant, stuur een bericht"),
)
_PEOPLE = """
    INSERT INTO users (username, display_name, pseudonym, password_hash, languages)
    SELECT 'reader' || n, 'Lezer ' || n, 'lezer ' || n, 'x', '{nl,mixed,en}' FROM generate_series(1, 50) AS n
    ON CONFLICT DO NOTHING
"""
_OPEN = "SELECT id FROM signals WHERE state = 'new' ORDER BY id"
_STATES = """
    UPDATE signals SET
        category = (ARRAY['threat','weapon','confrontation','drugs','recruitment','extortion','sexual'])
                   [1 + number % 7],
        level = (ARRAY['acuut','concreet','concreet','aandacht','aandacht','aandacht'])[1 + number % 6],
        source = (ARRAY['bluesky-post','telegram-post','mastodon-post','tip','youtube-comment'])[1 + number % 5],
        lang = (ARRAY['nl','nl','nl','mixed','en','other'])[1 + number % 6],
        window_start = CASE WHEN number % 3 = 0 THEN now() + number % 72 * interval '1 hour' END,
        window_end = CASE WHEN number % 3 = 0 THEN now() + (1 + number % 72) * interval '1 hour' END,
        state = CASE WHEN number % 20 = 0 THEN 'waiting_second'
                     WHEN number % 50 = 1 THEN 'casusoverleg' ELSE 'new' END
     WHERE state = 'new'
"""
_FIRST_READINGS = """
    INSERT INTO assessments (signal_id, reading, user_id, police, verdict, reason, category, level, created_at)
    SELECT s.id, 1, (SELECT id FROM users WHERE username = 'reader2'), false, 'confirm', 'directed', s.category,
           s.level, now() - interval '1 hour'
      FROM signals s WHERE s.state IN ('waiting_second', 'casusoverleg')
"""
_PAST = """
    INSERT INTO assessments (signal_id, reading, user_id, police, verdict, reason, category, level, created_at)
    SELECT s.id, 1, u.id, false, 'reject', 'art', s.category, s.level,
           now() - row_number() OVER () * interval '1 hour'
      FROM (SELECT * FROM signals WHERE state IN ('rejected', 'closed') LIMIT %s) s, users u
     WHERE u.username = 'reader1'
"""


def dress(admin: psycopg.Connection) -> dict[str, UUID]:
    """Give every open signal a text with marks, a state and a moment; answers readers by name."""
    admin.execute("SET search_path = seinpost, public")
    admin.execute(_PEOPLE)
    admin.execute("INSERT INTO user_roles (user_id, role) SELECT id, 'expert' FROM users ON CONFLICT DO NOTHING")
    admin.execute(
        "INSERT INTO user_roles SELECT id, 'recipient', 'school', %s FROM users WHERE username = 'reader3'"
        " ON CONFLICT DO NOTHING",
        (SCHOOL,),
    )
    ids = [row[0] for row in admin.execute(_OPEN)]
    told = list(islice(cycle(_told()), len(ids)))
    with admin.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE told (signal_id uuid, said text, found jsonb)")
        with cursor.copy("COPY told FROM STDIN") as copy:
            for signal, (said, found) in zip(ids, told, strict=True):
                copy.write_row((signal, said, found))
        cursor.execute(
            "UPDATE sightings g SET text = t.said, analysis = t.found FROM told t WHERE g.signal_id = t.signal_id"
        )
        cursor.execute("DROP TABLE told")
    admin.execute(_STATES)
    admin.execute(
        "INSERT INTO signal_places SELECT id, %s, 'school', 'Verzonnen College' FROM signals"
        " WHERE number %% 2000 = 0 OR state = 'new' AND number %% 23 = 0",
        (SCHOOL,),
    )
    admin.execute("DELETE FROM signal_places p USING signals s WHERE s.id = p.signal_id AND s.number % 4 = 3")
    admin.execute(_FIRST_READINGS)
    admin.execute(_PAST, (READ_BEFORE,))
    for table in ("signals", "sightings", "signal_places", "assessments", "users", "user_roles"):
        admin.execute(f"VACUUM ANALYZE {table}")
    return {row[0]: row[1] for row in admin.execute("SELECT username, id FROM users WHERE username LIKE 'reader%'")}


def _told() -> list[tuple[str, str]]:
    """Texts with an analysis, as the store keeps them."""
    moment = now()
    told = []
    for number in range(60):
        place = f"Wijk {number}"
        said = _SAID[number % len(_SAID)].format(place=place)
        at = said.index(place)
        half = len(said) // 2
        found = Analysis(
            flagged=True,
            score=0.9,
            category=Category.CONFRONTATION,
            imminent=True,
            genre=Genre.CHAT,
            lang=Lang.NL,
            level=Level.CONCREET,
            facts=Facts(place=((at, at + len(place)),), call=((half, half + 20),)),
            places=(
                Mention(
                    text=place, start=at, end=at + len(place), kind=PlaceKind.AREA, id=f"area:{number}", name=place
                ),
            ),
            reasons=(Reason(start=half, end=half + 20, why="call to act"),),
            window=TimeWindow(start=moment, end=moment + timedelta(hours=2), confidence=0.6),
            versions=Versions(model="m1", terms="t1", settings="s1"),
        )
        told.append((said, found.model_dump_json()))
    return told
