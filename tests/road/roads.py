"""The two roads as one thing to test: the four ports, and `flow` to let everything that is on its way arrive."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine

from pipeline.embedded import EmbeddedDeadLetters, EmbeddedRawWindow, EmbeddedSettings, EmbeddedSink
from pipeline.key_folder import KeyFolder
from signals.ports import DeadLetters, PostSink, RawWindow
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
    settings_now: Callable[[], DetectionSettings]
    keys: KeyFolder
    maker: Maker
    flow: Callable[[], None]
    stored_bytes: Callable[[], bytes] = field(default=lambda: b"")


def now() -> datetime:
    """The tests' moment."""
    return NOW


def embedded_road(engine: Engine, keys: KeyFolder, maker: Maker) -> Iterator[Road]:
    """The embedded road: what the sink took has already arrived."""
    settings = EmbeddedSettings(engine, SETTINGS, Ticks())
    yield Road(
        sink=EmbeddedSink(engine, keys, analyse, settings, now),
        dead_letters=EmbeddedDeadLetters(engine, keys),
        window=EmbeddedRawWindow(engine, keys),
        settings_now=settings.current,
        keys=keys,
        maker=maker,
        flow=lambda: None,
    )
