"""`seinpost collect`: follow the sources that the collection orders in force allow, politely, until it is stopped."""

import asyncio
import contextlib
import signal
from dataclasses import replace
from importlib.metadata import version
from typing import Annotated

import typer

from collectors.kinds import Kind, KindUnknown, kinds, named
from collectors.permission import NoValidOrder
from collectors.politeness import Politeness, user_agent
from collectors.reactor import run_on_reactor
from collectors.recheck import Rechecking, keep_rechecking
from collectors.run import Collecting, run
from collectors.streams.jetstream import JetstreamSettings
from seinpost import collecting, composition, rechecking
from seinpost.cli import collect_progress, collect_status
from seinpost.schema_first import begin_on
from seinpost.settings import Settings, load

app = typer.Typer(help="Collect from sources, under a valid collection order.")

_NAMES = ", ".join(kinds())


@app.command()
def collect(
    source: Annotated[list[str] | None, typer.Argument(help=f"Of {_NAMES}; none: all that the orders allow.")] = None,
    once: Annotated[bool, typer.Option("--once", help="Read each source to its end, then stop.")] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Also visit the seeds that were stopped until a person looked.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Without an order in force: wait for one.")] = False,
    status: Annotated[bool, typer.Option("--status", help="Only say how every source is doing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --status: print one JSON value.")] = False,
) -> None:
    """Collect. Without a collection order in force it refuses; when an order stops, it halts within seconds."""
    if status:
        collect_status.show(load(), as_json)
        return
    try:
        chosen = tuple(kind for name in source or () for kind in named(name)) or tuple(kinds().values())
    except KindUnknown as unknown:
        typer.echo(str(unknown), err=True)
        raise typer.Exit(2) from None
    settings = load()
    with composition.running_database(settings) as there, collecting.store_books(settings, there) as books:
        begin_on(books.engine)
        if not wait:
            # Asked before the models load, so that a refusal is quick.
            _require_some_order(books, chosen)
        with (
            collecting.ways_in(settings, there, books) as ways,
            collect_progress.counted(ways.sink, shown=once) as sink,
        ):
            task = replace(_collecting(settings, ways, chosen, resume), sink=sink)
            # Beside a collector of all kinds that runs on. What a stream on this machine plays stands nowhere else.
            apart = once or bool(source) or _plays_here(settings)
            again = None if apart else rechecking.beside(task, settings, books)
            run_on_reactor(_until_stopped(task, again, once=once, wait=wait))


def _require_some_order(books: collecting.StoreBooks, chosen: tuple[Kind, ...]) -> None:
    sources = {source for kind in chosen for source in kind.sources}
    if not any(sources & set(found.order.scope.sources) for found in books.assignments()):
        raise NoValidOrder(
            f"no collection order in force allows {' or '.join(sorted(s.value for s in sources))};"
            " see: seinpost order list, or make one with: seinpost order create"
        )


def _collecting(settings: Settings, ways: collecting.WaysIn, chosen: tuple[Kind, ...], resume: bool) -> Collecting:
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
        kinds=frozenset(kind.name for kind in chosen),
        secrets=collecting.secrets(settings, chosen),
        resume=resume,
    )


def _contact(settings: Settings) -> str:
    """Who we are to the sources we read. A stream on this machine, as in the demo, needs no introduction."""
    if settings.contact:
        return settings.contact
    if _plays_here(settings):
        return "demo"
    typer.echo(
        "set SEINPOST_CONTACT to an address or page where a source can reach you: no source is read without it",
        err=True,
    )
    raise typer.Exit(2)


def _plays_here(settings: Settings) -> bool:
    return settings.jetstream_url.startswith(("ws://127.0.0.1", "ws://localhost"))


async def _until_stopped(task: Collecting, again: Rechecking | None, *, once: bool, wait: bool) -> None:
    """Run until it is done or the process is asked to stop."""
    work = asyncio.ensure_future(run(task, once=once, wait_for_order=wait))
    beside = None if again is None else asyncio.ensure_future(keep_rechecking(again))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, work.cancel)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await work
    finally:
        if beside is not None:
            beside.cancel()
            await asyncio.gather(beside, return_exceptions=True)
