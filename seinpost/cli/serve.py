"""`seinpost serve`: the screens and the API behind a web server, until SIGTERM or Ctrl-C.

It needs the database and, to open links, the unseal service; a tip's road is prepared when the first tip comes.
"""

import contextlib
import logging
import threading
from collections.abc import Sequence

import typer
import uvicorn

from collectors.post_maker import PostMaker
from collectors.tips_code import TipCodes
from forwarding.places import install
from pipeline.store.connection import Database
from pipeline.unseal_client import UnsealClient
from review_ui.app import create_app
from review_ui.dependencies import Dependencies, Reporting
from seinpost import composition
from seinpost.letter_desk import LetterDesk
from seinpost.schema_first import begin_on
from seinpost.settings import Settings, load
from signals.ports import Cursor, PostSink
from signals.post import Post, PostRemoved

app = typer.Typer(help="Serve the review UI.")

CONNECTIONS = 20
"""Pages hold a connection for milliseconds; this many are in use at once at most, one of them listens."""
GRACE_SECONDS = 3


class SinkWhenNeeded:
    """The road's sink, opened at the first tip: embedded it loads the models, which most starts never need."""

    def __init__(self, settings: Settings, there: Database) -> None:
        self._settings, self._there = settings, there
        self._lock = threading.Lock()
        self._opened: PostSink | None = None
        self._closing = contextlib.ExitStack()

    def accept(self, batch: Sequence[Post | PostRemoved], cursor: Cursor | None) -> None:
        """Take the batch as the road's own sink does."""
        with self._lock:
            if self._opened is None:
                self._opened = self._closing.enter_context(composition.post_sink(self._settings, self._there))
            self._opened.accept(batch, cursor)

    def close(self) -> None:
        """Close the road's sink, if it was opened."""
        self._closing.close()


class _OnlyTheKind(logging.Filter):
    """Logs of an error say its kind, never its message or values: those may quote a post."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Cut the traceback down to the kind of error."""
        if record.exc_info and record.exc_info[0] is not None:
            record.msg, record.args = f"an unexpected {record.exc_info[0].__name__} was answered with 500", ()
            record.exc_info, record.exc_text = None, None
        return True


@app.command()
def serve() -> None:
    """Serve pages and API on the host and port of the settings."""
    settings = load()
    install(composition.imported_places(settings))
    keys = composition.key_folder(settings)
    there = composition.database(settings)
    engine = there.engine_for("seinpost_web", pool_size=CONNECTIONS)
    begin_on(engine)
    sink = SinkWhenNeeded(settings, there)
    road = there.engine_for("seinpost_road", pool_size=2)  # for dead letters alone; it connects when one is given back
    screens = create_app(
        Dependencies(
            engine=engine,
            clock=composition.now,
            unseal=UnsealClient(composition.unseal_socket(settings)),
            reporting=Reporting(
                PostMaker(keys.id_key(), composition.sealer(settings)),
                sink,
                TipCodes(keys.id_key().derived("tip-code")) if settings.tip_codes else None,
            ),
            base_url=settings.address,
            police_excerpt=settings.police_excerpt,
            staffed=settings.staffed_hours,
            letters=LetterDesk(road, keys, sink, composition.now),
        )
    )
    logging.getLogger("uvicorn.error").addFilter(_OnlyTheKind())
    try:
        uvicorn.run(
            screens,
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    finally:
        sink.close()
        engine.dispose()
        road.dispose()
