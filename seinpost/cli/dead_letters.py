"""`seinpost dead-letters`: what could not be handled, why, and once mended: back onto the road.

The bytes of a letter are shown only with a reason, which goes on the trail, and only while the key of their hour lives.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy import Engine

from pipeline.store import dead_letters, trail
from pipeline.store.dead_letters import Parked
from seinpost import composition
from seinpost.settings import Settings, load
from signals.dead_letter import DEAD_REASON_ADVICE

app = typer.Typer(help="List, show, retry and discard what could not be handled.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]


@app.command("list")
def list_(
    as_json: AsJson = False,
    everything: Annotated[bool, typer.Option("--all", help="Also those that were retried or discarded.")] = False,
) -> None:
    """List what lies aside, oldest first."""
    states = ("parked", "retried", "discarded") if everything else ("parked",)
    with _road(load()) as engine, engine.connect() as connection:
        found = dead_letters.listed(connection, states)
    if as_json:
        typer.echo(json.dumps([_plain(letter) for letter in found]))
        return
    for letter in found:
        typer.echo(f"{letter.id}  {letter.happened_at:%Y-%m-%d %H:%M}  {letter.step}  {letter.reason}  {letter.size} B")
    if not found:
        typer.echo("nothing lies aside", err=True)


@app.command()
def show(
    letter: Annotated[UUID, typer.Argument(help="Id, as in the list.")],
    as_json: AsJson = False,
    with_bytes: Annotated[
        str | None, typer.Option("--bytes", metavar="REASON", help="Show the record itself; the reason is recorded.")
    ] = None,
) -> None:
    """Describe one letter and say what to do about it."""
    settings = load()
    raw: bytes | None = None
    with _road(settings) as engine, engine.begin() as connection:
        found = dead_letters.one(connection, letter)
        if with_bytes is not None:
            _reasoned(with_bytes)
            detail = {"reason": with_bytes}
            trail.append(connection, "dead_letter_opened", "dead_letter", str(letter), composition.now(), detail)
            raw = dead_letters.opened(connection, letter, composition.key_folder(settings))
    described = {**_plain(found), "advice": DEAD_REASON_ADVICE[found.reason]}
    if raw is not None:
        described["bytes"] = raw.decode("utf-8", errors="backslashreplace")
    if as_json:
        typer.echo(json.dumps(described))
        return
    for name, value in described.items():
        typer.echo(f"{name:14} {value}")


@app.command()
def retry(
    letters: Annotated[list[UUID] | None, typer.Argument(help="Ids, as in the list.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything that lies aside.")] = False,
    as_json: AsJson = False,
) -> None:
    """Give records back to the road. Status 1 when some cannot be; they stay where they are."""
    from pipeline.retry import retry as again

    if not letters and not everything:
        typer.echo("name letters to retry, or give --all; see seinpost dead-letters list", err=True)
        raise typer.Exit(2)
    settings = load()
    with composition.running_database(settings) as there, _engine(settings) as engine:
        with engine.connect() as connection:
            chosen = [p.id for p in dead_letters.listed(connection)] if everything else list(letters or ())
        with composition.post_sink(settings, there) as sink:
            results = {
                str(i): again(engine, composition.key_folder(settings), sink, i, composition.now) for i in chosen
            }
    if as_json:
        typer.echo(json.dumps(results))
    else:
        for letter, problem in results.items():
            typer.echo(f"{letter}  {problem or 'given back to the road'}")
    if any(results.values()):
        raise typer.Exit(1)


@app.command()
def discard(
    letters: Annotated[list[UUID], typer.Argument(help="Ids, as in the list.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is recorded.")],
    as_json: AsJson = False,
) -> None:
    """Give letters up, and their bytes with them. Status 1 when some do not lie aside any more."""
    _reasoned(reason)
    results: dict[str, bool] = {}
    with _road(load()) as engine:
        for letter in letters:
            with engine.begin() as connection:
                dead_letters.one(connection, letter)
                results[str(letter)] = gone = dead_letters.discard(connection, letter)
                if gone:
                    detail = {"reason": reason.strip()}
                    trail.append(
                        connection, "dead_letter_discarded", "dead_letter", str(letter), composition.now(), detail
                    )
    if as_json:
        typer.echo(json.dumps(results))
    else:
        for letter_id, gone in results.items():
            typer.echo(f"{letter_id}  {'discarded' if gone else 'it does not lie aside any more'}")
    if not all(results.values()):
        raise typer.Exit(1)


def _reasoned(reason: str) -> None:
    if len(reason.strip()) < 4 or len(reason) > 200:
        typer.echo("give a reason of 4 to 200 characters: it goes on the trail", err=True)
        raise typer.Exit(2)


@contextmanager
def _road(settings: Settings) -> Iterator[Engine]:
    with composition.running_database(settings), _engine(settings) as engine:
        yield engine


@contextmanager
def _engine(settings: Settings) -> Iterator[Engine]:
    engine = composition.database(settings).engine_for("seinpost_road")
    try:
        yield engine
    finally:
        engine.dispose()


def _plain(letter: Parked) -> dict[str, str | int]:
    return {
        "id": str(letter.id),
        "reason": letter.reason.value,
        "step": letter.step,
        "source_kind": letter.source_kind,
        "size": letter.size,
        "sha256": letter.sha256,
        "field_path": letter.field_path,
        "code_location": letter.code_location,
        "happened_at": letter.happened_at.isoformat(),
        "state": letter.state,
    }
