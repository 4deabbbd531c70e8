"""`seinpost work`: one worker of the Kafka road (or the dispatcher, which serves both) until SIGTERM.

It puts the parts together; what a worker does stands in `pipeline.workers` and `forwarding.dispatcher`.
"""

import signal
import sys
import threading

import structlog
import typer

from seinpost import composition, watching
from seinpost.cli.topics import broker
from seinpost.schema_first import begin_on
from seinpost.settings import load

app = typer.Typer(help="Run one worker until it is asked to stop.", no_args_is_help=True)

_BESIDE = 4
"""Database connections of the dispatcher besides one for each line: the bell, and the sweeps that run with it."""


@app.command()
def analyse() -> None:
    """Analyse posts from the posts topic and put them on the signals topic."""
    from pipeline.workers import analysis

    settings, stop = load(), _stop_on_signals()
    keys = composition.key_folder(settings)
    with watching.watched(settings, "analyse") as watch:
        draws = composition.draws(settings)
        analysis.run(broker(settings), keys, composition.analyser(settings), composition.now, stop, watch, draws=draws)


@app.command()
def intake() -> None:
    """Bring analysed posts from the signals topic into the queue."""
    from pipeline.workers import intake as worker

    settings, stop = load(), _stop_on_signals()
    keys = composition.key_folder(settings)
    engine = composition.database(settings).engine_for("seinpost_road")
    try:
        begin_on(engine, stop)
        with watching.watched(settings, "intake") as watch:
            worker.run(broker(settings), engine, keys, keys.id_key(), composition.now, stop, watch)
    finally:
        engine.dispose()


@app.command()
def relay() -> None:
    """Publish decisions and settings from the database to their topics."""
    from nlp.settings import default_settings
    from pipeline.workers import relay as worker

    settings, stop = load(), _stop_on_signals()
    engine = composition.database(settings).engine_for("seinpost_relay")
    try:
        begin_on(engine, stop)
        with watching.watched(settings, "relay") as watch:
            worker.run(broker(settings), engine, default_settings(), composition.now, stop, watch)
    finally:
        engine.dispose()


@app.command()
def dispatch() -> None:
    """Tell recipients that a referral waits for them. Both roads run it."""
    from forwarding import clocks, dispatcher, late_readings
    from seinpost.channels import channels

    settings, stop = load(), _stop_on_signals()
    if settings.smtp_host is None:
        typer.echo("no mail server is set (SEINPOST_SMTP_HOST): notices by e-mail wait until there is one", err=True)
    ways = channels(settings)
    engine = composition.database(settings).engine_for("seinpost_dispatch", dispatcher.lines_of(ways) + _BESIDE)
    try:
        begin_on(engine, stop)
        sweeps = clocks.sweeping(engine, settings.staffed_hours, composition.now, stop, settings.answer_terms)
        late = late_readings.looking(engine, composition.now, stop)
        with watching.page(settings, "dispatch"), sweeps, late:
            dispatcher.run(engine, ways, composition.now, stop)
    finally:
        engine.dispose()


@app.command()
def recheck() -> None:
    """Ask sources again whether the posts behind signals still stand. `collect` without a source does so by itself."""
    import asyncio
    from importlib.metadata import version

    from collectors.politeness import Politeness, user_agent
    from collectors.reactor import run_on_reactor
    from collectors.recheck import Rechecking, keep_rechecking
    from seinpost import collecting, rechecking

    settings, stop = load(), _stop_on_signals()
    if settings.contact is None:
        typer.echo("no contact is set (SEINPOST_CONTACT): no source is asked until there is one", err=True)
        stop.wait()
        return
    polite = Politeness(user_agent(settings.contact, version("seinpost")))

    async def until_stopped(work: Rechecking) -> None:
        rounds = asyncio.create_task(keep_rechecking(work))
        await asyncio.to_thread(stop.wait)
        rounds.cancel()
        await asyncio.gather(rounds, return_exceptions=True)

    there = composition.database(settings)
    with watching.page(settings, "recheck"), collecting.store_books(settings, there) as books:
        begin_on(books.engine, stop)
        with composition.post_sink(settings, there) as sink:
            tell = structlog.get_logger().info
            run_on_reactor(until_stopped(rechecking.alone(settings, books, sink, polite, tell)))


def _stop_on_signals() -> threading.Event:
    """An event that SIGTERM or Ctrl-C sets; logs go to standard error as JSON, without any content."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    return stop
