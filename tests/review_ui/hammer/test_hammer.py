"""Experts who hammer the same signals at once: no reading is decided twice, none is lost, no signal stays stuck.

Six experts and sixty signals in `make test`; twenty and a thousand in `make soak`.
"""

import asyncio
import time
from random import Random
from statistics import median, quantiles
from uuid import UUID

import pytest

from pipeline.key_folder import KeyFolder
from pipeline.store.users import UserRole
from review_ui.access.cookies import SESSION_COOKIE
from signals.label import Level
from signals.place import PlaceKind
from tests.review_ui.hammer.experts import Book, Decision, Expert, all_at_once
from tests.review_ui.hammer.server import server
from tests.review_ui.world import SCHOOL, STATION, World
from tests.soak import Soak

OPEN = "('new', 'waiting_second', 'casusoverleg')"
LOOK_EVERY = 0.3


def a_team(world: World, count: int) -> list[str]:
    """Experts, one in five of the police, and one attached to a school that some signals name."""
    names = [f"hamer{number}" for number in range(count)]
    for number, name in enumerate(names):
        world.add_person(name, UserRole.EXPERT, police=number % 5 == 4, school=SCHOOL if number == 1 else None)
    return names


def some_signals(world: World, count: int) -> list[UUID]:
    """Signals of three levels, one in ten about the school."""
    levels = (Level.ACUUT, Level.CONCREET, Level.AANDACHT)
    school = ((SCHOOL, PlaceKind.SCHOOL, "Lisdodde College"),)
    station = ((STATION, PlaceKind.STATION, "Krommenie-Assendelft"),)
    return [
        world.add_signal(f"bericht {n}", level=levels[n % 3], places=school if n % 10 == 7 else station)
        for n in range(count)
    ]


async def hammer(world: World, experts: list[Expert], open_ones: list[UUID], limit: float) -> None:
    """Everybody at once, while somebody keeps the list of what still waits."""

    def still_open() -> list[UUID]:
        with world.owner() as owner:
            rows = owner.execute(f"SELECT id FROM signals WHERE state IN {OPEN} ORDER BY number").fetchall()
        return [row[0] for row in rows]

    async def keep_the_list() -> None:
        while open_ones:
            await asyncio.sleep(LOOK_EVERY)
            open_ones[:] = await asyncio.to_thread(still_open)

    async with asyncio.timeout(limit):
        await asyncio.gather(keep_the_list(), all_at_once(experts))


def decisions_kept(world: World) -> list[Decision]:
    """Every reading as the database keeps it."""
    with world.owner() as owner:
        rows = owner.execute(
            "SELECT a.signal_id, a.reading, u.username, a.verdict FROM assessments a JOIN users u ON u.id = a.user_id"
        ).fetchall()
    return [Decision(*row) for row in rows]


@pytest.mark.parametrize(
    "size", [pytest.param((6, 60), id="short"), pytest.param((20, 1000), id="full", marks=pytest.mark.soak)]
)
def test_no_reading_is_decided_twice_or_lost_and_no_signal_stays_stuck(
    world: World, keys: KeyFolder, soak: Soak, size: tuple[int, int]
) -> None:
    people, count = size
    full = count > 100
    names, signals = a_team(world, people), some_signals(world, count)
    sessions = {name: world.signed_in(name).client.cookies[SESSION_COOKIE] for name in names}
    book, open_ones, random = Book(), list(signals), Random(soak.seed)
    # At this pace a lease of ten minutes lapses in seconds: who walked away blocks nobody.
    with server(world.database, keys, pace=20 if full else 120) as address:
        experts = [Expert(n, sessions[n], address, Random(random.random()), open_ones, book) for n in names]
        began = time.monotonic()
        asyncio.run(hammer(world, experts, open_ones, limit=1500 if full else 300))
        took = time.monotonic() - began
    kept = decisions_kept(world)
    told = set(book.decisions)
    assert book.strange == [], "every answer is one that the product names"
    assert len(told) == len(book.decisions) == len({(d.signal, d.reading) for d in told}), "no double decision"
    assert len({(d.signal, d.username) for d in kept}) == len(kept), "nobody reads a signal twice"
    assert {*kept} == told, "what was answered is what is kept: none lost, none added"
    assert world.one(f"SELECT count(*) FROM signals WHERE state IN {OPEN}") == 0, "none stuck"
    assert world.one("SELECT count(*) FROM claims") == 0, "nobody holds a signal that is decided"
    assert {d.signal for d in kept} == {*signals}
    assert any("claimed_by_another" in asked for asked in book.answers), "they did collide"
    soak.record(
        f"{people} experts, {count} signals, a lease of {30 if full else 5} s",
        f"{sum(book.answers.values()):,} answers in {took:.0f} s, {len(kept):,} readings, 0 double, 0 lost, 0 stuck;"
        f" judging: median {median(book.seconds) * 1000:.0f} ms, p95 {quantiles(book.seconds, n=20)[18] * 1000:.0f} ms;"
        f" {', '.join(f'{asked} {n:,}' for asked, n in sorted(book.answers.items()))}",
    )
