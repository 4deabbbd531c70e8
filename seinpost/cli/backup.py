"""`seinpost backup` and `seinpost restore`: a sealed copy of the database; and back, without what must stay forgotten.

The secret key is not on this machine but while restoring. The key folder is copied apart (see the how-to).
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version as installed
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from pipeline.backup import making, manifest, restoring, seal_keys
from pipeline.backup.making import Made, Tell
from pipeline.backup.sweep import sweep
from pipeline.store import schema
from pipeline.store.connection import Database
from pipeline.store.roles import OWNER
from seinpost import composition
from seinpost.settings import Settings, load

backup = typer.Typer(help="Copy the database into a folder, sealed to a key that is kept elsewhere.")
restore = typer.Typer(help="Put a backup into an empty database.")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@backup.command()
def backup_(
    folder: Annotated[Path | None, typer.Argument(help="Folder of backups; each becomes a folder in it.")] = None,
    new_key: Annotated[
        Path | None,
        typer.Option("--new-key", help="Make a key pair: the secret into this new file, to be kept elsewhere."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a backup while everything runs, and remove those in the folder that are older than 35 days."""
    settings = load()
    keys = composition.key_folder(settings)
    if new_key is not None:
        made = seal_keys.make(keys.path, new_key)
        typer.echo(
            f"backups are sealed to key {manifest.fingerprint(made)} from now on; take {new_key} off this machine,"
            " twice, and delete it here: without it no backup opens",
            err=True,
        )
    if folder is None:
        if new_key is None:
            typer.echo("name the folder for backups, or make a key first with --new-key FILE", err=True)
            raise typer.Exit(2)
        return
    with composition.running_database(settings) as there:
        forget_in_backups(settings, there)
        with composition.as_owner(settings) as connection:
            revision = schema.current(connection) or ""
        with _owner(there) as owner, _told("Copying") as tell:
            done = making.make(owner, revision, keys, folder, composition.now(), installed("seinpost"), tell)
    _say_made(done, as_json)


@restore.command()
def restore_(
    folder: Annotated[Path, typer.Argument(help="A backup, or a folder of backups: then the newest.")],
    secret: Annotated[Path, typer.Option("--secret", help="File with the secret key of the backups.")],
    as_json: AsJson = False,
) -> None:
    """Restore into an empty database, all or nothing; what was forgotten since stays forgotten."""
    settings = load()
    keys = composition.key_folder(settings)
    pair = seal_keys.secret(secret)
    where, what = restoring.chosen(folder, pair, keys)
    now = composition.now()
    with composition.running_database(settings) as there:
        with composition.as_owner(settings) as connection:
            done = restoring.restore(connection, pair, keys, where, what, now)
        restoring.after(keys, now)
        forget_in_backups(settings, there)
    if as_json:
        typer.echo(json.dumps(_restored(done)))
        return
    for name, value in _restored(done).items():
        typer.echo(f"{name.replace('_', ' '):14} {value}")
    typer.echo(
        f"Since {what.made_at:%Y-%m-%d %H:%M} nothing is in it: look through users that were disabled and orders that"
        " were stopped after that, then start Seinpost. See docs/how-to/back-up-and-restore.md.",
        err=True,
    )


def forget_in_backups(settings: Settings, there: Database) -> int:
    """Destroy the keys of what the database no longer holds, so that no backup holds it either; how many went."""
    retention, road = there.engine_for("seinpost_retention"), there.engine_for("seinpost_road")
    try:
        return sweep(retention, road, composition.key_folder(settings), composition.now())
    finally:
        retention.dispose()
        road.dispose()


def _restored(done: restoring.Restored) -> dict[str, object]:
    return {
        "backup": str(done.folder),
        "made_at": done.manifest.made_at.isoformat(),
        "schema": done.manifest.revision,
        "rows": sum(done.manifest.rows.values()),
        "signals": done.manifest.rows.get("signals", 0),
        "contents": done.contents,
        "forgotten": done.forgotten,
        "expired": done.expired,
        "by_retention": {name: count for name, count in done.by_retention.items() if count},
    }


def _say_made(done: Made, as_json: bool) -> None:
    said = {
        "backup": str(done.folder),
        "rows": sum(done.manifest.rows.values()),
        "contents": done.manifest.contents,
        "bytes": done.manifest.size,
        "sealed_to": done.manifest.sealed_to,
        "removed": done.removed,
    }
    if as_json:
        typer.echo(json.dumps(said))
        return
    for name, value in said.items():
        typer.echo(f"{name.replace('_', ' '):10} {value}")


@contextmanager
def _owner(there: Database) -> Iterator[psycopg.Connection]:
    address = there.url.set(drivername="postgresql", username=OWNER, password=there.password(OWNER))
    with psycopg.connect(address.render_as_string(hide_password=False)) as owner:
        yield owner


@contextmanager
def _told(what: str) -> Iterator[Tell]:
    """Says on a terminal how far it is; nowhere else."""
    if not sys.stderr.isatty():
        yield lambda _what, _size: None
        return
    columns = (
        SpinnerColumn(),
        TextColumn(what + " {task.fields[table]}: {task.completed:.1f} MB"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None, table="")
        yield lambda table, size: bar.update(task, advance=size / 1_000_000, table=table)
