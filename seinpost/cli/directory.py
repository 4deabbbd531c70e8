"""`seinpost directory`: bring organisations, agreements, contacts and lists in from files, and say what is missing."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from forwarding import directory_changes as changes
from forwarding.directory import Imported, import_directory
from forwarding.directory_file import DirectoryFile, DirectoryWrong, read_directory
from forwarding.directory_gaps import Gap, gaps
from forwarding.directory_tables import read_tables
from forwarding.dutch_day import dutch_day
from forwarding.places import install, installed_places
from pipeline.store.directory_upkeep import kept_directory
from seinpost import composition
from seinpost.cli.certificate import certificate
from seinpost.settings import Settings, load

app = typer.Typer(help="Import schools, organisations and contacts; see what is missing.")

_LARGEST = 32 * 1024 * 1024
_HALF_A_YEAR = timedelta(days=182)


@app.callback()
def directory() -> None:
    """The directory: who may be told, under which agreement, for which places."""


@app.command("import")
def import_file(
    files: Annotated[
        list[Path],
        typer.Argument(help="One JSON file, one XLSX workbook, or CSV files named after the tables."),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything and change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Add what is new and update what is there, whole or not at all. Nobody is removed by leaving them out."""
    try:
        content, where = _read(files)
        try:
            result = _bring_in(load(), content, dry_run)
        except DirectoryWrong as wrong:
            raise DirectoryWrong([where(fault) for fault in wrong.faults]) from None
    except DirectoryWrong as wrong:
        if as_json:
            typer.echo(json.dumps({"imported": False, "faults": wrong.faults}, ensure_ascii=False))
        whose = f"{files[0].name}: " if len(files) == 1 and not _is_table(files[0].name) else ""
        for fault in wrong.faults:
            typer.echo(f"{whose}{fault}", err=True)
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
        for absence in result.absences:
            typer.echo(absence.sentence)
    if dry_run:
        typer.echo("This was a dry run; nothing was changed.", err=True)


@app.command("gaps")
def show_gaps(
    within: Annotated[int, typer.Option(min=0, max=366, help="Also what falls due within this many days.")] = 30,
    municipality: Annotated[
        list[str] | None,
        typer.Option(help="Look at every secondary school of this municipality too; give it more than once for more."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What is missing: schools that nobody has, agreements that end, people and lists to look at again."""
    settings = load()
    install(composition.imported_places(settings))
    book = installed_places()
    wanted = frozenset(municipality or ())
    unknown = sorted(wanted - {place.municipality for place in book})
    if unknown:
        typer.echo(f"The gazetteer has no municipality {', '.join(unknown)}; write it as it does.", err=True)
        raise typer.Exit(2)
    with composition.running_database(settings), composition.as_owner(settings) as connection:
        kept = kept_directory(connection)
    found = gaps(kept, book, dutch_day(composition.now()), timedelta(days=within), wanted)
    if as_json:
        typer.echo(json.dumps([_as_json(gap) for gap in found], ensure_ascii=False))
        return
    for gap in found:
        typer.echo(f"{gap.what} ({gap.due_on:%d-%m-%Y})" if gap.due_on else gap.what)
    typer.echo(f"{len(found)} to mend." if found else "Nothing is missing.", err=True)


@app.command()
def away(
    address: Annotated[str, typer.Argument(help="The contact's e-mail address.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day.")],
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day; today.")
    ] = None,
    stand_in: Annotated[str | None, typer.Option(help="Address of who serves the contact's places meanwhile.")] = None,
) -> None:
    """A contact is away; another of the same kind may stand in for those days."""
    settings = load()
    now = composition.now()
    first = since.date() if since else dutch_day(now)
    with composition.running_database(settings), composition.as_owner(settings) as connection:
        changes.set_away(connection, address, first, until.date(), stand_in, now)
    instead = f"{stand_in} stands in" if stand_in else "nobody stands in"
    typer.echo(f"{address} is away from {first} until {until.date()}; {instead}.", err=True)


@app.command()
def back(address: Annotated[str, typer.Argument(help="The contact's e-mail address.")]) -> None:
    """A contact is back before the day that was told."""
    settings = load()
    with composition.running_database(settings), composition.as_owner(settings) as connection:
        was_away = changes.set_back(connection, address, composition.now())
    typer.echo(f"{address} is there again." if was_away else f"{address} was not away.", err=True)


@app.command()
def confirm(
    address: Annotated[str, typer.Argument(help="The contact's e-mail address.")],
    review: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="When to look again; in half a year.")
    ] = None,
) -> None:
    """You made sure (called, met) that a contact is right: name, address, places, hours."""
    settings = load()
    now = composition.now()
    again: date = review.date() if review else dutch_day(now) + _HALF_A_YEAR
    with composition.running_database(settings), composition.as_owner(settings) as connection:
        changes.confirm(connection, address, again, now)
    typer.echo(f"{address} is right; look again on {again}.", err=True)


@app.command("test-message")
def test_message(address: Annotated[str, typer.Argument(help="The contact's e-mail address.")]) -> None:
    """Send a message that says it is a test, by every way that the contact has: does what we send arrive?"""
    settings = load()
    with composition.running_database(settings), composition.as_owner(settings) as connection:
        changes.ask_trial(connection, address, composition.now())
    typer.echo(
        f"A test message to {address} goes out with the next notices. The page /adresboek shows what becomes of it;"
        " seinpost directory gaps names it when it does not arrive.",
        err=True,
    )


app.command()(certificate)


def _as_json(gap: Gap) -> dict[str, str | None]:
    due = gap.due_on.isoformat() if gap.due_on else None
    return {"kind": gap.kind.value, "about": gap.about, "what": gap.what, "due_on": due}


def _read(files: Sequence[Path]) -> tuple[DirectoryFile, Callable[[str], str]]:
    """What the files say, and how a fault in it is told with its place."""
    read = [(file.name, _bytes(file)) for file in files]
    spread = [name for name, _ in read if _is_table(name)]
    if spread:
        if len(spread) != len(read):
            raise DirectoryWrong(["give either one JSON file or tables, not both"])
        tables = read_tables(read)
        return tables.content, tables.fault
    if len(read) != 1:
        raise DirectoryWrong(["give one JSON file, one XLSX workbook, or CSV files named after the tables"])
    [(_, data)] = read
    try:
        return read_directory(data.decode("utf-8-sig")), lambda fault: fault
    except UnicodeDecodeError as wrong:
        raise DirectoryWrong([f"byte {wrong.start} is not UTF-8; save the file as UTF-8"]) from None


def _is_table(name: str) -> bool:
    return Path(name).suffix.casefold() in (".csv", ".xlsx")


def _bytes(file: Path) -> bytes:
    it = file.name if _is_table(file.name) else "the file"  # a fault of the one JSON file is told with its name
    try:
        if file.stat().st_size > _LARGEST:
            raise DirectoryWrong([f"{it} is larger than {_LARGEST // 2**20} MiB; split it"])
        return file.read_bytes()
    except OSError:
        raise DirectoryWrong([f"{it} cannot be read; check its name and who may read it"]) from None


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
