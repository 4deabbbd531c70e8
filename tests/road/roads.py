"""The two roads as one thing to test: the four ports, and `flow` to let everything that is on its way arrive."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine

from pipeline.analysing import Analyse
from pipeline.embedded import EmbeddedDeadLetters, EmbeddedRawWindow, EmbeddedSettings, EmbeddedSink
from pipeline.key_folder import KeyFolder
from pipeline.workers.breaker import Breaker
from signals.ports import DeadLetters, PostSink, RawWindow, SettingsFeed
from signals.settings_version import DetectionSettings
from tests.road.invented import NOW, SETTINGS, Maker, analyse


@dataclass
class Ticks:
    """A clock of seconds that moves on at every look, so that nothing is remembered for long."""

    now: float = 0.0

    def __call__(self) -> float:
        self.now += 10
        return self.now


@dataclass
class Road:
    """One road under test."""

    sink: PostSink
    dead_letters: DeadLetters
    window: RawWindow
    settings: SettingsFeed
    keys: KeyFolder
    maker: Maker
    flow: Callable[[], None]
    stored_bytes: Callable[[], bytes] = field(default=lambda: b"")
    pause: float = 0.0

    def settings_become(self, wanted: DetectionSettings) -> bool:
        """Whether the feed gives these settings within a few seconds, and every worker has had time to see them."""
        until = time.monotonic() + 10
        while self.settings.current() != wanted and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(self.pause)
        return self.settings.current() == wanted


def now() -> datetime:
    """The tests' moment."""
    return NOW


@contextmanager
def embedded_road(
    engine: Engine, keys: KeyFolder, maker: Maker, analysis: Analyse = analyse, breaker: Breaker | None = None
) -> Iterator[Road]:
    """The embedded road: what the sink took has already arrived."""
    settings = EmbeddedSettings(engine, SETTINGS, Ticks())
    yield Road(
        sink=EmbeddedSink(engine, keys, analysis, settings, now, breaker),
        dead_letters=EmbeddedDeadLetters(engine, keys),
        window=EmbeddedRawWindow(engine, keys),
        settings=settings,
        keys=keys,
        maker=maker,
        flow=lambda: None,
    )
