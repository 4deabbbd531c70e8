"""Forgetting what is due: the table of how long each kind of data is kept, and the one run that carries it out.

The numbers are those of the retention table in `docs/reference/retention.md` and stand nowhere else. It reads no text.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, text

from pipeline.backup.sweep import sweep
from pipeline.key_folder import KeyFolder, hour_of
from pipeline.store import overview_numbers, parking, trail
from pipeline.store.texts import forget_due_texts, texts_due

RAW_WINDOW = timedelta(hours=23)
"""An hour less than the 24 that are allowed: a run may come up to an hour late and still nothing is kept too long."""


@dataclass(frozen=True)
class Rule:
    """One row of the table. `statement` forgets everything of which `:due` (now minus `keep`) has come."""

    name: str
    what: str
    keep: timedelta
    statement: str


# A signal's text, link, names and spans leave together; what stays can be counted but not read.
_EMPTY = (
    "UPDATE seinpost.sightings SET text = NULL, link_box = NULL, names_box = NULL, link_hash = NULL,"
    ' analysis = analysis || \'{{"facts": {{}}, "places": [], "reasons": []}}\''
    " WHERE signal_id IN (SELECT id FROM seinpost.signals WHERE {which})"
    " AND (text IS NOT NULL OR link_box IS NOT NULL OR names_box IS NOT NULL OR link_hash IS NOT NULL)"
)
_EXPIRE = (
    "WITH due AS (UPDATE seinpost.signals SET state = 'expired', changed_at = :now"
    " WHERE state = '{state}' AND {moment} <= :due RETURNING id)"
    " INSERT INTO seinpost.signal_events (signal_id, at, step, from_state, to_state, detail)"
    " SELECT id, :now, 'expire', '{state}', 'expired', '{{\"why\": \"retention\"}}' FROM due"
)

# A rejection that nobody read again in time is what it was. Its state is as old as the rejection: the text goes now.
_UNREAD_AGAIN = (
    "WITH due AS (UPDATE seinpost.second_readings SET outcome = 'lapsed', ended_at = :now"
    " WHERE outcome IS NULL AND rejected_at <= :due RETURNING signal_id, rejected_at),"
    " back AS (UPDATE seinpost.signals s SET state = 'rejected', changed_at = due.rejected_at FROM due"
    " WHERE s.id = due.signal_id AND s.state = 'waiting_second' RETURNING s.id)"
    " INSERT INTO seinpost.signal_events (signal_id, at, step, from_state, to_state, detail)"
    " SELECT id, :now, 'reject', 'waiting_second', 'rejected', '{\"why\": \"retention\"}' FROM back"
)

RULES: tuple[Rule, ...] = (
    Rule("raw_window", "posts as collected", RAW_WINDOW, "DELETE FROM seinpost.raw_window WHERE seen_at <= :due"),
    Rule(
        "unread",
        "flagged, not reviewed",
        timedelta(days=7),
        _EXPIRE.format(state="new", moment="coalesce(resumed_at, queued_at)"),
    ),
    Rule(
        "parked",
        "attention, parked",
        timedelta(days=14),
        _EXPIRE.format(
            state="parked",
            moment="coalesce(parked_at, changed_at)"
            " + CASE WHEN extended_by IS NULL THEN interval '0' ELSE interval '14 days' END",
        ),
    ),
    Rule(
        "waiting",
        "read once, never a second time",
        timedelta(days=7),
        _EXPIRE.format(state="waiting_second", moment="changed_at"),
    ),
    Rule(
        "expired", "texts of expired signals", timedelta(0), _EMPTY.format(which="state = 'expired' AND :due <= :now")
    ),
    Rule("read_again", "rejections that nobody read a second time", timedelta(hours=24), _UNREAD_AGAIN),
    Rule(
        "rejected",
        "texts of rejected signals",
        timedelta(hours=24),
        _EMPTY.format(
            which="state = 'rejected' AND (changed_at <= :due OR id IN (SELECT signal_id FROM seinpost.second_readings"
            " WHERE outcome IN ('agreed', 'lapsed') AND rejected_at <= :due))"
        ),
    ),
    Rule(
        "removed_at_source",
        "texts removed at their source, still in hand",
        timedelta(hours=24),
        _EMPTY.format(which="source_removed_at <= :due"),
    ),
    Rule(
        "closed",
        "texts of closed signals",
        timedelta(days=28),
        _EMPTY.format(which="state = 'closed' AND changed_at <= :due"),
    ),
    Rule("oldest", "texts of any signal", timedelta(days=90), _EMPTY.format(which="queued_at <= :due")),
    Rule(
        "recipient_view",
        "what recipients see, after its term",
        timedelta(0),
        "UPDATE seinpost.referrals SET excerpt = NULL, duiding = NULL, link_allowed = false"
        " WHERE expires_at <= :due AND (excerpt IS NOT NULL OR duiding IS NOT NULL)",
    ),
    Rule(
        "questions",
        "what recipients asked, and the answers",
        timedelta(0),
        "UPDATE seinpost.referral_questions SET body = '', answer = '' WHERE (body <> '' OR answer <> '')"
        " AND referral_id IN (SELECT id FROM seinpost.referrals WHERE expires_at <= :due)",
    ),
    Rule(
        "answer_clocks",
        "when recipients answered",
        timedelta(days=365),
        "DELETE FROM seinpost.answer_clocks WHERE started_at <= :due",
    ),
    Rule(
        "trial_messages",
        "whether test messages arrived",
        timedelta(days=365),
        "DELETE FROM seinpost.trial_messages WHERE asked_at <= :due",
    ),
    Rule(
        "proposed_corrections",
        "changes of what was sent that a second person looked at",
        timedelta(days=28),
        "DELETE FROM seinpost.proposed_corrections WHERE proposed_at <= :due",
    ),
    Rule(
        "support_requests",
        "a school's request for support, with its steps",
        timedelta(days=28),
        "DELETE FROM seinpost.support_requests WHERE closed_at <= :due OR ends_at <= :now",
    ),
    Rule(
        "region_handovers",
        "which region's team had a signal",
        timedelta(days=90),
        "DELETE FROM seinpost.region_handovers WHERE offered_at <= :due",
    ),
    Rule(
        # Whoever could read along cannot any more: the signal's time is over, or it was withdrawn.
        "situation",
        "what recipients told each other",
        timedelta(0),
        "DELETE FROM seinpost.situation_lines l WHERE NOT EXISTS (SELECT 1 FROM seinpost.referrals r"
        " WHERE r.signal_id = l.signal_id AND r.state <> 'withdrawn' AND r.expires_at > :due)",
    ),
    Rule(
        "readings",
        "readers' own words",
        timedelta(days=90),
        "UPDATE seinpost.assessments SET duiding = '' WHERE duiding <> ''"
        " AND signal_id IN (SELECT id FROM seinpost.signals WHERE queued_at <= :due)",
    ),
    Rule(
        # With the text. Where a text went before the decision, what is said about it still serves a day.
        "thread",
        "what the team said about a signal",
        timedelta(hours=24),
        "UPDATE seinpost.thread_messages m SET body = '' WHERE m.body <> ''"
        " AND NOT EXISTS (SELECT 1 FROM seinpost.sightings g WHERE g.signal_id = m.signal_id AND g.text IS NOT NULL)"
        " AND (m.at <= :due OR EXISTS (SELECT 1 FROM seinpost.signals s WHERE s.id = m.signal_id"
        "      AND s.state NOT IN ('new', 'waiting_second', 'casusoverleg')))",
    ),
    Rule(
        "shredded_links",
        "keys of links and names without a text",
        timedelta(0),
        "DELETE FROM seinpost.link_keys k WHERE :due <= :now AND NOT EXISTS (SELECT 1 FROM seinpost.sightings s"
        " WHERE s.post_id = k.post_id AND (s.link_box IS NOT NULL OR s.names_box IS NOT NULL))",
    ),
    Rule(
        "dead_letter_bytes",
        "bytes of dead letters",
        timedelta(hours=24),
        "UPDATE seinpost.dead_letters SET bytes = NULL WHERE bytes IS NOT NULL AND happened_at <= :due",
    ),
    Rule(
        "dead_letters",
        "descriptions of dead letters",
        timedelta(days=28),
        "DELETE FROM seinpost.dead_letters WHERE happened_at <= :due",
    ),
    Rule(
        "analyses",
        "analysis records without text",
        timedelta(days=365),
        "DELETE FROM seinpost.analyses WHERE analysed_at <= :due",
    ),
    Rule(
        # A public stream tells of every removal there is. When its post can no longer be on the road, it is of no use.
        "removals",
        "removals of posts that stand at no signal",
        RAW_WINDOW,
        "DELETE FROM seinpost.post_heads WHERE removed AND signal_id IS NULL AND seen_at <= :due",
    ),
    Rule(
        "post_heads",
        "which posts were seen",
        timedelta(days=365),
        "DELETE FROM seinpost.post_heads WHERE seen_at <= :due",
    ),
    Rule(
        "sessions",
        "sessions that ended",
        timedelta(0),
        "DELETE FROM seinpost.web_sessions WHERE expires_at <= :due",
    ),
    Rule(
        "sign_in_failures",
        "failed log-ins",
        timedelta(days=1),
        "DELETE FROM seinpost.sign_in_failures WHERE failed_at <= :due",
    ),
    Rule(
        "passkey_challenges",
        "challenges for a passkey that nobody answered",
        timedelta(0),
        "DELETE FROM seinpost.passkey_challenges WHERE expires_at <= :due",
    ),
    Rule(
        "outbox",
        "decisions told to other systems",
        timedelta(days=28),
        "DELETE FROM seinpost.outbox WHERE published_at <= :due",
    ),
    Rule(
        "source_rhythms",
        "what is usual for a source, after its order",
        timedelta(0),
        "DELETE FROM seinpost.source_rhythms WHERE order_id IN"
        " (SELECT id FROM seinpost.orders WHERE (state = 'stopped' AND :due <= :now) OR ends_at <= :due)",
    ),
    Rule(
        "tip_codes",
        "codes to follow a tip with",
        timedelta(days=28),
        "DELETE FROM seinpost.tip_codes WHERE handed_in_at <= :due",
    ),
    Rule(
        "first_eyes",
        "how long signals waited",
        timedelta(days=365),
        "DELETE FROM seinpost.first_eyes WHERE queued_at <= :due",
    ),
    Rule(
        "unflagged_sample",
        "blind sample, not read",
        timedelta(days=7),
        "WITH gone AS (DELETE FROM seinpost.unflagged_sample WHERE taken_at <= :due RETURNING day)"
        " UPDATE seinpost.unflagged_days d SET lapsed = d.lapsed + g.texts"
        " FROM (SELECT day, count(*) AS texts FROM gone GROUP BY day) AS g WHERE d.day = g.day",
    ),
    Rule(
        "onlookers",
        "who had a page open",
        timedelta(0),
        "DELETE FROM seinpost.onlookers WHERE until <= :due",
    ),
    Rule(
        "handovers",
        "notes at the end of a shift",
        timedelta(days=7),
        "DELETE FROM seinpost.handovers WHERE at <= :due",
    ),
    Rule(
        "signal_days",
        "numbers by day",
        timedelta(days=365),
        "DELETE FROM seinpost.signal_days WHERE day <= CAST(:due AS date)",
    ),
    Rule(
        "told_weeks",
        "numbers by week, told to who reads no signals",
        timedelta(days=365),
        "DELETE FROM seinpost.told_weeks WHERE week <= CAST(:due AS date)",
    ),
    Rule(
        "last_looks",
        "when a reader last took a signal",
        timedelta(days=14),
        "DELETE FROM seinpost.last_looks WHERE looked_at <= :due",
    ),
    Rule("claims", "leases that ended", timedelta(days=1), "DELETE FROM seinpost.claims WHERE expires_at <= :due"),
)


def forget(engine: Engine, road: Engine, keys: KeyFolder, now: datetime, *, dry_run: bool = False) -> dict[str, int]:
    """Carry out every rule and destroy the keys of what is forgotten, in backups too; how much went, by rule name.

    `road` (role seinpost_road) forgets versions whose source is gone, `engine` (seinpost_retention) the rest, in one
    transaction each; a dry run counts the same and rolls back. Destroying keys comes last and is not undone.
    """
    with road.begin() as connection:
        source_gone = len(texts_due(connection, now)) if dry_run else forget_due_texts(connection, now)
    gone = {"source_gone": source_gone, **_by_the_table(engine, now, dry_run)}
    if dry_run:
        return gone
    return {**gone, "backup_keys": sweep(engine, road, keys, now), "hour_keys": destroy_hours(keys, now)}


def carry_out(connection: Connection, now: datetime) -> dict[str, int]:
    """Every rule of the table in the caller's transaction; how much went, by rule name."""
    return {rule.name: _carry_out(connection, rule, now) for rule in RULES}


def destroy_hours(keys: KeyFolder, now: datetime) -> int:
    """Destroy the keys of the hours that are past the raw window; says how many. Not undone."""
    return keys.destroy_before(hour_of(now - RAW_WINDOW) + timedelta(hours=1))


def _by_the_table(engine: Engine, now: datetime, dry_run: bool) -> dict[str, int]:
    with engine.connect() as connection, connection.begin() as transaction:
        parking.wake(connection, now)  # what comes back at its moment does not expire instead
        gone = carry_out(connection, now)
        if dry_run:
            transaction.rollback()
            return gone
        overview_numbers.count_days(connection, now)
        trail.append(connection, "retention", "installation", "", now, {k: str(v) for k, v in gone.items() if v})
    return gone


def _carry_out(connection: Connection, rule: Rule, now: datetime) -> int:
    return connection.execute(text(rule.statement), {"due": now - rule.keep, "now": now}).rowcount
