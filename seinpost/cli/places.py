"""`seinpost places`: find places in a text and say what lost and why; later, read the official school lists."""

import json
from pathlib import Path
from typing import Annotated

import typer

from nlp.normalise import normalise
from nlp.places import linker

app = typer.Typer(no_args_is_help=True)


@app.command()
def find(
    text: Annotated[str, typer.Argument(help="The text to look in.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print the places in a text, the entries that were meant less likely, and the names that lost, with why."""
    clean = normalise(text)
    links = linker.shipped().link(clean.text)
    found = [
        {
            "text": text[slice(*clean.original(place.start, place.end))],
            "kind": place.kind.value,
            "id": place.id,
            "name": place.name,
            "others": list(place.others),
        }
        for place in links.found
    ]
    lost = [
        {"text": text[slice(*clean.original(name.start, name.end))], "id": name.id, "why": name.why}
        for name in links.lost
    ]
    if as_json:
        typer.echo(json.dumps({"found": found, "lost": lost}, ensure_ascii=False))
        return
    for place in found:
        others = f" (or {', '.join(place['others'])})" if place["others"] else ""
        typer.echo(f"{place['text']}: {place['kind']} {place['name']} [{place['id']}]{others}")
    for name in lost:
        typer.echo(f"not taken: {name['text']} [{name['id']}]: {name['why']}")
    if not found and not lost:
        typer.echo("no place found", err=True)


@app.command(name="import-duo")
def import_duo(
    files: Annotated[list[Path], typer.Argument(help="School location files as DUO publishes them.")],
) -> None:
    """Read the official school lists (comes with a later version)."""
    typer.echo(f"reading DUO files ({len(files)} given) comes with a later version; nothing was changed", err=True)
    raise typer.Exit(2)
