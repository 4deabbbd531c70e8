"""Fills a database with what years of work leave behind, by SQL: judged signals, and analyses without text."""

import psycopg

OPEN = 1_000
"""Signals that wait to be read, whatever the size: a team reads its queue, so only what was judged piles up."""

# Ids are hashes in their order: the index is built quickly, and what comes later falls between, as it does in use.
_SIGNALS = """
    INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, sightings, posted_at, seen_at,
                         queued_at, changed_at)
    SELECT md5('signal' || n)::uuid, 'ordinary',
           CASE WHEN n %% %(every)s = 0 THEN 'new'
                ELSE (ARRAY['rejected', 'closed', 'expired', 'parked'])[1 + n %% 4] END,
           'threat', (ARRAY['aandacht', 'concreet'])[1 + n %% 2], false, 'chat', 'nl', 'export', 1, at, at, at, at
      FROM (SELECT n, now() - n * interval '10 seconds' AS at
              FROM generate_series(%(first)s::int, %(last)s::int) AS n) AS numbers
     ORDER BY 1
"""
_SIGHTINGS = """
    INSERT INTO sightings (post_id, signal_id, event_id, revision, source, order_id, posted_at, seen_at, text, analysis)
    SELECT md5('post' || n)::uuid, md5('signal' || n)::uuid, md5('event' || n)::uuid, 1, 'export',
           (SELECT id FROM orders LIMIT 1), now(), now(),
           CASE WHEN n %% %(every)s = 0 THEN 'een zin van een post die nog gelezen moet worden' END,
           '{"facts": {}, "places": [], "reasons": [], "level": "concreet", "category": "threat"}'
      FROM generate_series(%(first)s::int, %(last)s::int) AS n
     ORDER BY 1
"""
_PLACES = """
    INSERT INTO signal_places (signal_id, place_id, kind, name)
    SELECT md5('signal' || n)::uuid, 'area:' || n %% 500, 'area', 'Wijk ' || n %% 500
      FROM generate_series(%(first)s::int, %(last)s::int) AS n ORDER BY 1
"""
_EVENTS = """
    INSERT INTO signal_events (signal_id, at, step, to_state)
    SELECT md5('signal' || n)::uuid, now(), 'arrive', 'new'
      FROM generate_series(%(first)s::int, %(last)s::int) AS n
"""
_ANALYSES = """
    INSERT INTO analyses (event_id, post_id, revision, source, flagged, score, category, level, genre, lang,
                          model, terms, settings, analysed_at)
    SELECT md5('event' || n)::uuid, md5('post' || n)::uuid, 1, 'export', false, 0.01, 'none', 'uiting', 'everyday',
           'nl', 'e5-small', '2026.11', 'dd4f0e7fb755', now() - n * interval '1 second'
      FROM generate_series(%(first)s::int, %(last)s::int) AS n
     ORDER BY 1
"""
_HEADS = """
    INSERT INTO post_heads (post_id, revision, event_id, seen_at)
    SELECT md5('post' || n)::uuid, 1, md5('event' || n)::uuid, now() - n * interval '1 second'
      FROM generate_series(%(first)s::int, %(last)s::int) AS n
     ORDER BY 1
"""


def fill(admin: psycopg.Connection, had: int, signals: int, analyses_each: int, open_signals: int = OPEN) -> None:
    """From `had` signals to `signals`, each with a sighting, a place, a step, and so many analyses and post heads."""
    admin.execute("SET search_path = seinpost, public")
    values = {"first": had + 1, "last": signals, "every": max(1, signals // open_signals)}
    admin.execute("SET session_replication_role = replica")  # places are noted below, once and for open signals alone
    for statement in (_SIGNALS, _SIGHTINGS, _PLACES, _EVENTS):
        admin.execute(statement, values)
    admin.execute("SET session_replication_role = origin")
    admin.execute("UPDATE signals SET place_known = true WHERE state = 'new'")
    values |= {"first": had * analyses_each + 1, "last": signals * analyses_each}
    for statement in (_ANALYSES, _HEADS):
        admin.execute(statement, values)
    # As many open ones at every size.
    admin.execute(
        "UPDATE signals SET state = 'closed' WHERE state = 'new' AND id NOT IN"
        " (SELECT id FROM signals WHERE state = 'new' ORDER BY id LIMIT %(open)s)",
        {"open": open_signals},
    )
    for table in ("signals", "sightings", "signal_places", "signal_events", "analyses", "post_heads"):
        admin.execute(f"VACUUM ANALYZE {table}")
    admin.execute("CHECKPOINT")
