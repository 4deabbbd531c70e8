"""`seinpost collect`: follow the sources that the collection orders in force allow, politely, until it is stopped."""

import asyncio
import contextlib
import signal
from importlib.metadata import version
from typing import Annotated

import typer

from collectors.permission import NoValidOrder
from collectors.politeness import Politeness, user_agent
from collectors.reactor import run_on_reactor
from collectors.run import STREAMED_OR_VISITED, Collecting, run
from collectors.streams.jetstream import JetstreamSettings
from seinpost import collecting, composition
from seinpost.settings import Settings, load
from signals.post import Source

app = typer.Typer(help="Collect from sources, under a valid collection order.")

_NAMES = {"bluesky": Source.BLUESKY_POST, "feeds": Source.FEED_ENTRY} | {s.value: s for s in STREAMED_OR_VISITED}


@app.command()
def collect(
    source: Annotated[
        list[str] | None, typer.Argument(help="bluesky and feeds; none: all that the orders allow.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Read each source to its end, then stop.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Without an order in force: wait for one.")] = False,
) -> None:
    """Collect. Without a collection order in force it refuses; when an order stops, it halts within seconds."""
    unknown = [name for name in source or () if name not in _NAMES]
    if unknown:
        typer.echo(f"there is no source {unknown[0]}; choose from bluesky and feeds", err=True)
        raise typer.Exit(2)
    settings = load()
    sources = frozenset(_NAMES[name] for name in source or ()) or STREAMED_OR_VISITED
    with composition.running_database(settings) as there, collecting.store_books(settings, there) as books:
        if not wait:
            # Asked before the models load, so that a refusal is quick.
            _require_some_order(books, sources)
        with collecting.ways_in(settings, there, books) as ways:
            task = _collecting(settings, ways, sources)
            run_on_reactor(_until_stopped(task, once=once, wait=wait))


def _require_some_order(books: collecting.StoreBooks, sources: frozenset[Source]) -> None:
    if not any(sources & set(found.order.scope.sources) for found in books.assignments()):
        raise NoValidOrder(
            f"no collection order in force allows {' or '.join(sorted(s.value for s in sources))};"
            " see: seinpost order list, or make one with: seinpost order create"
        )


def _collecting(settings: Settings, ways: collecting.WaysIn, sources: frozenset[Source]) -> Collecting:
    agent = user_agent(_contact(settings), version("seinpost"))
    dictionary = settings.jetstream_dictionary.read_bytes() if settings.jetstream_dictionary else None
    return Collecting(
        assignments=ways.books.assignments,
        order=ways.books.order,
        sink=ways.sink,
        dead_letters=ways.letters,
        books=ways.books,
        maker=ways.maker,
        clock=composition.now,
        stream=JetstreamSettings(url=settings.jetstream_url, user_agent=agent, dictionary=dictionary),
        polite=Politeness(user_agent=agent),
        tell=lambda line: typer.echo(line, err=True),
        sources=sources,
    )


def _contact(settings: Settings) -> str:
    """Who we are to the sources we read. A stream on this machine, as in the demo, needs no introduction."""
    if settings.contact:
        return settings.contact
    if settings.jetstream_url.startswith(("ws://127.0.0.1", "ws://localhost")):
        return "demo"
    typer.echo(
        "set SEINPOST_CONTACT to an address or page where a source can reach you: no source is read without it",
        err=True,
    )
    raise typer.Exit(2)


async def _until_stopped(task: Collecting, *, once: bool, wait: bool) -> None:
    """Run until it is done or the process is asked to stop."""
    work = asyncio.ensure_future(run(task, once=once, wait_for_order=wait))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, work.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await work
