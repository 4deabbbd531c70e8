"""What joining near-copies costs a post at the queue's door: one that draws nothing, a new threat, a copy of one."""

import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from uuid import UUID

from bench.road.feeder import post
from bench.road.place import Place, now, place
from bench.road.processes import machine_load
from bench.row import Row
from nlp.settings import default_settings
from pipeline.store.attempts import in_transaction
from pipeline.store.intake import take
from pipeline.store.joining import Door
from signals.analysed import Analysed, analysed
from signals.analysis import Analysis, Facts, Versions
from signals.label import Category, Genre, Lang, Level

QUESTION = "What does joining cost a post? (asked: under 15 µs for one that draws nothing)"
COLUMNS = ("a post", "by the clock, of which the search takes")
OPEN = int(os.environ.get("BENCH_OPEN", "2000"))
_WORDS = """
morgen straks vrijdag achter bij de het gymzaal brug station kantine fietsenstalling wij staan wachten komen hem haar
jullie durft weet waarom betaalt brengt mes geld tas vrienden kluisje plein avond pauze groep film adres oom jas
"""


def rows() -> Iterator[Row]:
    """Fill the queue, then take batches of each kind with and without the search."""
    with place(kafka=False) as here:
        road = here.at.database.engine_for("seinpost_road")
        id_key = here.at.keys.id_key()
        spent: list[float] = []
        numbers: list[int] = []
        search = Door.find
        Door.find = _timed(search, spent)  # type: ignore[method-assign]
        said = [_text(random.Random(number)) for number in range(OPEN + 200)]

        def taken(records: Sequence[Analysed]) -> tuple[float, float]:
            spent.clear()
            began = time.perf_counter()
            in_transaction(road, lambda connection: take(connection, records, id_key, now()))
            return (time.perf_counter() - began) / len(records), sum(spent) / len(records)

        try:
            for at in range(0, OPEN, 250):
                taken([_version(here, at + n, text, True) for n, text in enumerate(said[at : at + 250])])
            new, copies = said[OPEN:], [f"kijk dit: “{text}” 😳" for text in said[:200]]
            for name, texts, flagged in (
                ("that draws nothing", new, False),
                (f"that is a new threat, {OPEN:,} open", new, True),
                (f"that copies a threat, {OPEN:,} open", copies, True),
            ):
                told = []
                for at in range(0, 200, 20):
                    numbers.extend(range(len(numbers), len(numbers) + 20))
                    part = zip(numbers[-20:], texts[at : at + 20], strict=True)
                    told.append(taken([_version(here, 10**6 + number, text, flagged) for number, text in part]))
                yield Row(
                    f"{name}; load {machine_load()}",
                    f"{median(t for t, _ in told) * 1e6:,.0f} µs, {median(t for _, t in told) * 1e6:,.0f} µs",
                )
        finally:
            Door.find = search  # type: ignore[method-assign]
            road.dispose()


def _timed(search: Callable[..., dict[UUID, UUID]], spent: list[float]) -> Callable[..., dict[UUID, UUID]]:
    def searched(*given: object) -> dict[UUID, UUID]:
        began = time.perf_counter()
        found = search(*given)
        spent.append(time.perf_counter() - began)
        return found

    return searched


def _text(draw: random.Random) -> str:
    return " ".join(draw.choices(_WORDS.split(), k=14))


def _version(here: Place, number: int, text: str, flagged: bool) -> Analysed:
    found = Analysis(
        flagged=flagged,
        score=0.9,
        category=Category.THREAT if flagged else Category.NONE,
        imminent=False,
        genre=Genre.CHAT,
        lang=Lang.NL,
        level=Level.CONCREET if flagged else Level.UITING,
        facts=Facts(),
        places=(),
        reasons=(),
        window=None,
        versions=Versions(model="bench", terms="none", settings=default_settings().version),
    )
    return analysed(post(here.at.keys.id_key(), UUID(here.at.order), number, text, now()), found)
