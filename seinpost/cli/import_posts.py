"""`seinpost import`: the export of a licensed tool, or any file of JSON lines or CSV, under a collection order."""

import dataclasses
import json
import re
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import SQLAlchemyError

from collectors.exports.importing import ImportReport, collector_name, import_file
from collectors.exports.mapping import Mapping, load
from seinpost import collecting, composition
from seinpost.settings import load as load_settings
from signals.dead_letter import DEAD_REASON_ADVICE, DeadReason
from signals.post import Source

app = typer.Typer(help="Import posts from JSON lines or CSV.")


@app.command(name="import")
def import_posts(
    file: Annotated[Path, typer.Argument(help="JSON lines or CSV, UTF-8 or UTF-16.", exists=True, dir_okay=False)],
    source: Annotated[str, typer.Option("--source", help="A name of your own for where the file comes from.")],
    order: Annotated[int | None, typer.Option("--order", help="Number of the collection order.")] = None,
    mapping: Annotated[Path | None, typer.Option("--mapping", help="TOML file that names the columns.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Import a file. Stopped half-way? Run the same command again: it goes on where it stopped.

    Columns: id, text, posted_at, url, lang, deleted, version, updated_at; name others in a mapping file.
    Every accepted post is masked before it is stored; a row that cannot be read is set aside with its reason.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,39}", source):
        typer.echo("--source is a short name of small letters, digits, dots and dashes, such as meetlat-2026", err=True)
        raise typer.Exit(2)
    columns = load(mapping) if mapping else Mapping()
    report = _run(file, source, order, columns)
    _print(report, as_json)
    if report.dead:
        raise typer.Exit(1)


def _run(file: Path, source: str, number: int | None, columns: Mapping) -> ImportReport:
    settings = load_settings()
    with (
        composition.running_database(settings) as there,
        collecting.store_books(settings, there) as books,
        file.open("rb") as opened,
    ):
        order = collecting.order_for(books, Source.EXPORT, number)
        with collecting.ways_in(settings, there, books) as ways, _progress() as bar:
            task = bar.add_task("import", total=file.stat().st_size)
            outlet = ways.outlet(collector_name(source, opened), order)
            try:
                return import_file(
                    opened,
                    file.name,
                    source,
                    columns,
                    outlet,
                    composition.now(),
                    lambda done: bar.update(task, completed=done),
                )
            except SQLAlchemyError as away:
                bar.stop()
                typer.echo(
                    f"the database did not take it ({type(away).__name__}); when it is back, run the same command"
                    " again: it goes on where it stopped",
                    err=True,
                )
                raise typer.Exit(2) from None  # 1 says that rows were set aside, and then there is a report


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )


def _print(report: ImportReport, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({**dataclasses.asdict(report), "dead": dict(sorted(report.dead.items()))}))
        return
    if report.already_done:
        typer.echo("This file was imported before under this name and order; nothing changed.")
        return
    if report.resumed_at_row:
        typer.echo(f"Went on after row {report.resumed_at_row}.")
    typer.echo(f"Read {report.read}, accepted {report.accepted}, outside the order's scope {report.outside_scope}.")
    if report.without_moment:
        typer.echo(f"In {report.without_moment} rows a date could not be read; those count as seen now.")
    for reason, count in sorted(report.dead.items()):
        typer.echo(f"Set aside: {count} {reason}. {DEAD_REASON_ADVICE[DeadReason(reason)]}")
