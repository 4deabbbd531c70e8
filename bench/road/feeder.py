"""The generator as a process: `python -m bench.road.feeder WHEREABOUTS FIRST COUNT RATE TEXTS [BATCH]`, by our sink.

It makes posts as a collector hands them over (masked text, ids from the source) and gives them in batches.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from bench.beside import NotHere
from bench.road.place import Whereabouts, now
from bench.streams import CONCRETE, invented, ordinary
from pipeline.kafka.sink import KafkaSink
from signals.ids import IdKey
from signals.ports import Cursor
from signals.post import Post, Source

BATCH = 500
KNOWN = 20_000
"""Different texts; a longer stream tells them again, under other ids."""
_WORDS = ("buiten", "achter", "voor", "naast", "binnen", "onder", "boven", "tegenover", "langs", "bij")


def main(whereabouts: str, first: str, count: str, rate: str, stream: str, most: str = str(BATCH)) -> None:
    """Wait for a line on standard input, then feed; rate 0 is as fast as it goes. Says when it began and ended."""
    at = Whereabouts(**json.loads(whereabouts))
    given = texts(stream, min(int(count), KNOWN))
    keys = at.keys
    id_key, order = keys.id_key(), UUID(at.order)
    engine = at.database.engine_for("seinpost_collect")
    sink = KafkaSink(at.bootstrap, keys, engine, now)
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.time()
    together = int(most) if rate == "0" else max(1, min(int(most), int(rate) // 20))
    for start in range(0, int(count), together):
        if rate != "0":
            time.sleep(max(0.0, began + start / float(rate) - time.time()))
        moment = now()
        numbers = range(start, min(start + together, int(count)))
        batch = [post(id_key, order, int(first) + n, given[n % len(given)], moment) for n in numbers]
        sink.accept(batch, Cursor(collector="bench", order_id=order, seed=0, position=str(start)))
    print(f"{began} {time.time()}", flush=True)
    sink.close()
    engine.dispose()


def texts(stream: str, count: int) -> list[str]:
    """Texts to tell; a concrete one is worded differently each time, so that each is a signal of its own."""
    try:
        found = ordinary(count) if stream == "ordinary" else invented(count)
    except NotHere:
        found = invented(count)
    words = _wordings()
    return [f"{text.text} {next(words)}" if text.text == CONCRETE else text.text for text in found]


def _wordings() -> Iterator[str]:
    number = 0
    while True:
        yield " ".join(_WORDS[int(digit)] for digit in str(number))
        number += 1


def post(id_key: IdKey, order: UUID, number: int, text: str, moment: datetime) -> Post:
    """One post as a collector hands it over."""
    return Post(
        id=id_key.post_id(Source.EXPORT, str(number)),
        event_id=id_key.event_id(Source.EXPORT, str(number), "1"),
        revision=1,
        source=Source.EXPORT,
        order_id=order,
        text=text,
        posted_at=moment - timedelta(seconds=5),
        seen_at=moment,
    )


def fed(line: str) -> Sequence[float]:
    """When the feeder began and ended, from what it said."""
    return [float(word) for word in line.split()]


if __name__ == "__main__":
    main(*sys.argv[1:])
