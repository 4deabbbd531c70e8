"""Puts the rooms together from the settings: keys, database, sink and dead letters of the road that is configured.

Every command takes its parts from here, so that the two roads differ in this file and nowhere else.
"""

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
from sqlalchemy import URL, Connection, create_engine, make_url

from collectors.sealing import Sealer
from nlp.places import imported
from pipeline.embedded_postgres import EmbeddedPostgres
from pipeline.kafka.connection import Brokers, Login, Tls
from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from pipeline.store.connection_trouble import why_not
from pipeline.store.roles import OWNER
from pipeline.store.setup import prepare
from seinpost.settings import Settings
from signals.analysis import Analysis
from signals.ports import DeadLetters, PostSink
from signals.post import Post
from signals.settings_version import DetectionSettings

Analyse = Callable[[Sequence[Post], DetectionSettings], list[Analysis]]


class DatabaseAway(Exception):
    """The configured database does not answer."""


class NoKafka(Exception):
    """The command is for the Kafka road and no broker is set."""


def now() -> datetime:
    """The one clock of the house; every room gets it passed in."""
    return datetime.now(UTC)


def key_folder(settings: Settings) -> KeyFolder:
    """The keys of this installation."""
    return KeyFolder(settings.key_folder)


def embedded_postgres(settings: Settings) -> EmbeddedPostgres:
    """The embedded server, not yet started."""
    return EmbeddedPostgres(settings.data / "postgres", key_folder(settings).database_password("postgres"))


def brokers(settings: Settings) -> Brokers:
    """The Kafka brokers, and how to reach them. Raises `NoKafka` where the embedded road is configured."""
    if settings.kafka is None:
        raise NoKafka("no Kafka is configured; set SEINPOST_KAFKA, for instance to 127.0.0.1:9092")
    tls = Tls(settings.kafka_tls_ca, settings.kafka_tls_certificate, settings.kafka_tls_key)
    login = None
    if settings.kafka_username is not None and settings.kafka_password_file is not None:
        login = Login(settings.kafka_username, settings.kafka_password_file)
    secured = settings.kafka_tls or login is not None or tls != Tls()
    return Brokers(settings.kafka, tls if secured else None, login)


def over_tls(url: URL, settings: Settings) -> URL:
    """A server's address as the settings want it reached: with them, TLS and a checked host name."""
    if not settings.database_tls and settings.database_tls_ca is None:
        return url
    ca = str(settings.database_tls_ca.absolute()) if settings.database_tls_ca else "system"
    return url.update_query_dict({"sslmode": "verify-full", "sslrootcert": ca})


def database(settings: Settings) -> Database:
    """The database as serving roles reach it; it is not checked whether it answers."""
    url = make_url(settings.database_url) if settings.database_url else embedded_postgres(settings).url
    bare = URL.create("postgresql+psycopg", host=url.host, port=url.port, database=url.database, query=url.query)
    if settings.database_url:
        bare = over_tls(bare, settings)
    return Database(bare, key_folder(settings).database_password)


@contextmanager
def running_database(settings: Settings) -> Iterator[Database]:
    """The database, answering: the embedded one is started for the length of the block when nobody runs it yet."""
    there = database(settings)
    with contextlib.ExitStack() as stack:
        if not answers(there):
            if settings.database_url:
                raise DatabaseAway(
                    why_not(there.url)
                    or "the database does not answer; check SEINPOST_DATABASE_URL and that the server runs,"
                    " and run `seinpost setup` once on a new server"
                )
            server = embedded_postgres(settings)
            server.start()
            stack.callback(server.stop)
            prepare(server.admin_url, "seinpost", key_folder(settings).database_password)
        yield there


def answers(there: Database) -> bool:
    """Whether a serving role can log in now."""
    address = there.url.set(
        drivername="postgresql", username="seinpost_web", password=there.password("seinpost_web")
    ).render_as_string(hide_password=False)
    try:
        psycopg.connect(address, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def as_owner(settings: Settings) -> Iterator[Connection]:
    """One transaction as the owner of the tables, for the few commands that add people or fill the directory."""
    engine = create_engine(
        database(settings).url.set(username=OWNER, password=key_folder(settings).database_password(OWNER)),
        hide_parameters=True,
    )
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def sealer(settings: Settings) -> Sealer:
    """What collectors seal links and names with: public keys only."""
    return Sealer(key_folder(settings).link_public_key)


def imported_places(settings: Settings) -> Path | None:
    """The imported places in use, on top of the shipped ones; None when nothing was imported."""
    return imported.current(settings.places_folder)


def unseal_socket(settings: Settings) -> Path:
    """Where the unseal service listens."""
    return (settings.data / "unseal.sock").resolve()


def analyser(settings: Settings) -> Analyse:
    """The detection models, loaded; takes a few seconds."""
    from nlp.analyse import Analyser, Text  # slow to import, and most commands do not analyse

    models = Analyser.load(settings.models, imported_places(settings))

    def analyse(posts: Sequence[Post], detection: DetectionSettings) -> list[Analysis]:
        return models.analyse([Text(post.text, post.moment) for post in posts], detection)

    return analyse


def draws(settings: Settings) -> Callable[[UUID], bool]:
    """Which posts that are not flagged are drawn for the blind sample: the same on either road."""
    from pipeline.quality.chance import drawer

    return drawer(key_folder(settings).id_key().derived("unflagged-sample"), "unflagged", settings.unflagged_share)


@contextmanager
def post_sink(settings: Settings, there: Database) -> Iterator[PostSink]:
    """Where collectors put posts: straight into analysis and store, or onto the posts topic."""
    keys = key_folder(settings)
    if settings.kafka:
        from pipeline.kafka.sink import KafkaSink
        from pipeline.topics import POSTS
        from seinpost import watching

        with watching.sending(settings, "collect") as watch:
            engine = there.engine_for("seinpost_collect")
            sink = KafkaSink(
                brokers(settings), keys, engine, now, watch.producer(brokers(settings), "seinpost-collect", [POSTS])
            )
            try:
                yield sink
            finally:
                sink.close()
                engine.dispose()
    else:
        from nlp.settings import default_settings
        from pipeline.embedded import EmbeddedSettings, EmbeddedSink

        _messages_to_standard_error()
        engine = there.engine_for("seinpost_road")
        try:
            feed = EmbeddedSettings(engine, default_settings())
            yield EmbeddedSink(engine, keys, analyser(settings), feed, now, draws=draws(settings))
        finally:
            engine.dispose()


def _messages_to_standard_error() -> None:
    """What the road says while it works; standard output is for results. Workers say it in a form of their own."""
    import structlog  # slow to import, and most commands say nothing on a road

    if not structlog.is_configured():
        structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


@contextmanager
def dead_letters(settings: Settings, there: Database) -> Iterator[DeadLetters]:
    """Where collectors put what they cannot read."""
    keys = key_folder(settings)
    if settings.kafka:
        from pipeline.kafka.dead_letters import KafkaDeadLetters

        letters = KafkaDeadLetters(brokers(settings), keys)
        try:
            yield letters
        finally:
            letters.close()
    else:
        from pipeline.embedded import EmbeddedDeadLetters

        engine = there.engine_for("seinpost_road")
        try:
            yield EmbeddedDeadLetters(engine, keys)
        finally:
            engine.dispose()
