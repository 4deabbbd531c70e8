"""`seinpost collect --status`: how every source is doing, since when, why, and what to do. It collects nothing.

A seed is a number; no address is opened, printed or logged.
"""

import json
from datetime import datetime, timedelta

import typer
from sqlalchemy import Connection

from collectors.health_reasons import ALARMS, EXPLAINED, Matter
from collectors.health_rhythm import Rhythm, expected, seen_in_a_day
from pipeline.store import rechecks, rhythms
from pipeline.store.source_status import SourceNow, sources
from seinpost import composition
from seinpost.settings import Settings

_DAY = timedelta(days=1)


def show(settings: Settings, as_json: bool) -> None:
    """Print the status of all sources, worst first, as lines for a person or as one JSON value."""
    now = composition.now()
    with composition.running_database(settings) as there:
        engine = there.engine_for("seinpost_collect", pool_size=1)
        try:
            with engine.begin() as connection:
                found = described(connection, now)
                again = rechecks.standing(connection)
        finally:
            engine.dispose()
    if as_json:
        typer.echo(json.dumps(found))
        return
    for one in found:
        typer.echo(_lines(one))
    if again.posts:
        typer.echo(_again(again, now))
    if not found:
        typer.echo("no source was visited yet; see: seinpost order list", err=True)


def described(connection: Connection, now: datetime) -> list[dict[str, object]]:
    """Every source as plain values: codes, numbers and times, with words for a person."""
    usual = rhythms.listed(connection)
    ranked = sorted(sources(connection, now), key=_rank)
    return [_plain(one, usual.get((one.collector, one.order_id, one.seed), Rhythm()), now) for one in ranked]


def _rank(one: SourceNow) -> tuple[bool, bool, str, int, int]:
    return one.matter is Matter.ORDER_OVER, one.matter not in ALARMS, one.kind, one.order, one.seed


def _plain(one: SourceNow, usual: Rhythm, now: datetime) -> dict[str, object]:
    what, do = EXPLAINED[one.matter]
    return {
        "kind": one.kind,
        "order": one.order,
        "seed": one.seed,
        "state": one.state.value,
        "since": one.since.isoformat(),
        "reason": one.reason,
        "alarm": one.matter in ALARMS,
        "matter": one.matter.value,
        "what": what,
        "do": do,
        "silent": one.silent,
        "silent_from": one.silent_from.isoformat() if one.silent_from else None,
        "waits_for_a_person": one.waits,
        "last_seen": one.last_seen_at.isoformat() if one.last_seen_at else None,
        "expected_24h": round(expected(usual, now - _DAY, now), 1) if usual.learned else None,
        "seen_24h": seen_in_a_day(usual, now),
        "accepted": one.accepted,
    }


def _lines(one: dict[str, object]) -> str:
    seed = "whole stream" if one["seed"] == 0 else f"seed {one['seed']}"
    usual = "still learning" if one["expected_24h"] is None else f"about {one['expected_24h']} expected"
    last = str(one["last_seen"])[:16].replace("T", " ") if one["last_seen"] else "never"
    first = (
        f"{'!' if one['alarm'] else ' '} {one['kind']}, order {one['order']}, {seed}: {one['state']}"
        f" since {str(one['since'])[:16].replace('T', ' ')} UTC"
    )
    lines = [first, f"    {one['what']}{' (' + str(one['reason']) + ')' if one['reason'] else ''}"]
    if one["do"]:
        lines.append(f"    do: {one['do']}")
    lines.append(f"    last seen {last}; in 24 h {one['seen_24h']} seen, {usual}")
    return "\n".join(lines)


def _again(standing: rechecks.Standing, now: datetime) -> str:
    """How asking again for the posts behind signals is doing."""
    oldest = f"{standing.longest_ago:%Y-%m-%d %H:%M} UTC" if standing.longest_ago else "never"
    late = rechecks.late(standing, now)
    lines = [f"{'!' if late else ' '} posts behind signals: {standing.posts}, the one asked for longest ago: {oldest}"]
    if late:
        lines.append("    do: start 'seinpost work recheck', and look whether an order is in force")
    if standing.unknown and standing.unknown_since is not None:
        lines.append(f"    of {standing.unknown} nothing can be told since {standing.unknown_since:%Y-%m-%d %H:%M} UTC")
    return "\n".join(lines)
