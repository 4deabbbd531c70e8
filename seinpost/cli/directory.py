"""`seinpost directory import FILE`: bring organisations, agreements, contacts and corridors in from a JSON file."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from forwarding.directory import Imported, import_directory
from forwarding.directory_file import DirectoryFile, DirectoryWrong, read_directory
from forwarding.places import install, installed_places
from seinpost import composition
from seinpost.settings import Settings, load

app = typer.Typer(help="Import schools, organisations and contacts.")

_LARGEST = 32 * 1024 * 1024


@app.callback()
def directory() -> None:
    """The directory: who may be told, under which agreement, for which places."""


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="The directory as JSON; see docs/how-to/forward.md.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything and change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Add what is new and update what is there, whole or not at all. Nobody is removed by leaving them out."""
    try:
        content = read_directory(_text(file))
        result = _bring_in(load(), content, dry_run)
    except DirectoryWrong as wrong:
        if as_json:
            typer.echo(json.dumps({"imported": False, "faults": wrong.faults}, ensure_ascii=False))
        for fault in wrong.faults:
            typer.echo(f"{file.name}: {fault}", err=True)
        typer.echo("Nothing was imported.", err=True)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps({"imported": not dry_run, **asdict(result)}))
    else:
        typer.echo(
            f"organisations: {result.organisations_added} new, {result.organisations_updated} updated\n"
            f"agreements: {result.agreements_added} new, {result.agreements_updated} updated\n"
            f"contacts: {result.contacts_added} new, {result.contacts_updated} updated\n"
            f"corridors: {result.corridors}"
        )
    if dry_run:
        typer.echo("This was a dry run; nothing was changed.", err=True)


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > _LARGEST:
            raise DirectoryWrong([f"the file is larger than {_LARGEST // 2**20} MiB; split it"])
        return file.read_text(encoding="utf-8-sig")
    except OSError:
        raise DirectoryWrong(["the file cannot be read; check its name and who may read it"]) from None
    except UnicodeDecodeError as wrong:
        raise DirectoryWrong([f"byte {wrong.start} is not UTF-8; save the file as UTF-8"]) from None


def _bring_in(settings: Settings, content: DirectoryFile, dry_run: bool) -> Imported:
    install(composition.imported_places(settings))
    with (
        composition.running_database(settings),
        composition.as_owner(settings) as connection,
        connection.begin_nested() as step,
    ):
        result = import_directory(connection, content, installed_places(), composition.now())
        if dry_run:
            step.rollback()
        return result
