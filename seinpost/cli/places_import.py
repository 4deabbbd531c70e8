"""`seinpost places import-duo` and `import-cbs`: bring the official lists in, whole or not at all."""

import contextlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from nlp.places import gazetteer, imported
from nlp.places.cbs import read_cbs
from nlp.places.duo import DuoFile, read_duo
from nlp.places.importing import Change, SchoolChanges, TooManyClosed, compare, known_places
from nlp.places.importing_areas import AreaChanges, compare_areas
from nlp.places.official_csv import LARGEST_FILE, OfficialFileWrong, SetAside
from seinpost.settings import load

_SHOWN = 20
"""Lines of each kind of change that a person sees; `--json` has them all."""


class Kind(StrEnum):
    """The kinds of school list that DUO publishes."""

    VO = "vo"
    PO = "po"
    SBO = "sbo"
    SO = "so"
    MBO = "mbo"


DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change and change nothing.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def import_duo(
    files: Annotated[list[Path], typer.Argument(help="School location files as DUO publishes them.")],
    kind: Annotated[Kind | None, typer.Option("--kind", help="Which schools, where a file does not say.")] = None,
    partial: Annotated[bool, typer.Option("--partial", help="The files are parts: close nothing.")] = False,
    complete: Annotated[bool, typer.Option("--complete", help="The files are whole, however many closed.")] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Read lists of school locations; say what is new, renamed, moved, closed and reopened.

    Closed is a school of the same kind, in a province that the file is about, that the file no longer has. It stays
    known and is marked. Restart `seinpost` afterwards, so that every process knows the new places.
    """
    root = load().places_folder
    try:
        with _alone(root, dry_run):
            known = gazetteer.load(imported=imported.current(root))
            places = known_places(known)
            read = [read_duo(file.name, _bytes(file), places, kind.value if kind else "") for file in files]
            changes = compare(known, read, datetime.now(UTC).date(), partial=partial, complete=complete)
            if not dry_run:
                imported.add(root, changes.entries, changes.aliases)
    except (OfficialFileWrong, TooManyClosed) as wrong:
        _refuse(str(wrong), as_json)
    aside = [row for file in read for row in file.set_aside]
    if as_json:
        typer.echo(json.dumps(_school_object(changes, read, aside, dry_run), ensure_ascii=False))
    else:
        typer.echo(f"read {changes.read} school locations")
        for label, each in _school_lists(changes).items():
            _show(label, [_line(change) for change in each])
    _end(aside, dry_run, as_json)


def import_cbs(
    files: Annotated[list[Path], typer.Argument(help="Tables with GM, WK or BU codes; several complete each other.")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Read tables of municipalities, districts and neighbourhoods; known ones get their official code.

    The id that an area had before goes on meaning it. Restart `seinpost` afterwards.
    """
    root = load().places_folder
    try:
        with _alone(root, dry_run):
            known = gazetteer.load(imported=imported.current(root))
            read = read_cbs((file.name, _bytes(file)) for file in files)
            changes = compare_areas(known, read.areas)
            if not dry_run:
                imported.add(root, changes.entries, changes.aliases)
    except OfficialFileWrong as wrong:
        _refuse(str(wrong), as_json)
    if as_json:
        typer.echo(json.dumps(_area_object(changes, read.set_aside, dry_run), ensure_ascii=False))
    else:
        typer.echo(f"read {changes.read} areas")
        _show("new", list(changes.new))
        _show("known, now with their official code", [f"{was} is now {now}" for was, now in changes.coded])
    _end(read.set_aside, dry_run, as_json)


def _alone(root: Path, dry_run: bool) -> contextlib.AbstractContextManager[None]:
    """Changes are made by one import at a time; looking needs nobody's leave and leaves no trace."""
    return contextlib.nullcontext() if dry_run else imported.one_at_a_time(root)


def _bytes(file: Path) -> bytes:
    """The file, unless it is too large to be one of these."""
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_FILE + 1)
    except OSError:
        raise OfficialFileWrong(f"{file.name} cannot be read; check its name and who may read it") from None


def _refuse(line: str, as_json: bool) -> NoReturn:
    if as_json:
        typer.echo(json.dumps({"imported": False, "fault": line}, ensure_ascii=False))
    typer.echo(f"{line}\nNothing was imported.", err=True)
    raise typer.Exit(2)


def _school_lists(changes: SchoolChanges) -> dict[str, Sequence[Change]]:
    return {
        "new": changes.new,
        "renamed": changes.renamed,
        "moved": changes.moved,
        "closed": changes.closed,
        "reopened": changes.reopened,
    }


def _school_object(
    changes: SchoolChanges, read: Iterable[DuoFile], aside: Iterable[SetAside], dry_run: bool
) -> dict[str, object]:
    lists = {
        label: [{"id": c.id, "name": c.name} | ({"was": c.was, "now": c.now} if c.was or c.now else {}) for c in each]
        for label, each in _school_lists(changes).items()
    }
    files = [{"file": file.name, "kind": file.family, "rows": len(file.locations)} for file in read]
    return {"imported": not dry_run, "files": files, "read": changes.read, **lists, "set_aside": _rows(aside)}


def _area_object(changes: AreaChanges, aside: Iterable[SetAside], dry_run: bool) -> dict[str, object]:
    coded = [{"was": was, "now": now} for was, now in changes.coded]
    return {
        "imported": not dry_run, "read": changes.read, "new": list(changes.new), "coded": coded,
        "set_aside": _rows(aside),
    }  # fmt: skip


def _rows(aside: Iterable[SetAside]) -> list[dict[str, object]]:
    return [{"file": row.file, "line": row.line, "reason": row.reason} for row in aside]


def _line(change: Change) -> str:
    became = f": {change.was or 'no address'} is now {change.now or 'no address'}" if change.was or change.now else ""
    return f"{change.name} [{change.id}]{became}"


def _show(label: str, lines: Sequence[str]) -> None:
    typer.echo(f"{label}: {len(lines)}")
    for line in lines[:_SHOWN]:
        typer.echo(f"  {line}")
    if len(lines) > _SHOWN:
        typer.echo(f"  and {len(lines) - _SHOWN} more; --json has them all")


def _end(aside: Sequence[SetAside], dry_run: bool, as_json: bool) -> None:
    """Say what was left out; the exit status is 1 when that was anything."""
    for row in aside if not as_json else ():
        typer.echo(f"set aside: {row.file} line {row.line}: {row.reason}", err=True)
    if dry_run:
        typer.echo("This was a dry run; nothing was changed.", err=True)
    if aside:
        raise typer.Exit(1)
