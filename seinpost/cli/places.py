"""`seinpost places`: find places in a text and say what lost and why; read the official lists of schools and areas."""

import json
from typing import Annotated

import typer

from nlp.normalise import normalise
from nlp.places import gazetteer, imported, linker
from nlp.places.gazetteer import Gazetteer, UnknownPlaceError
from seinpost.cli import places_import
from seinpost.settings import load

app = typer.Typer(no_args_is_help=True)
app.command(name="import-duo")(places_import.import_duo)
app.command(name="import-cbs")(places_import.import_cbs)


@app.command()
def find(
    text: Annotated[str, typer.Argument(help="The text to look in.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    region: Annotated[str, typer.Option(help="The municipality that the text's source is about.")] = "",
) -> None:
    """Print the places in a text, the entries that were meant less likely, and the names that lost, with why."""
    clean = normalise(text)
    folder = imported.current(load().places_folder)
    finder = linker.Linker(gazetteer.load(imported=folder)) if folder is not None else linker.shipped()
    links = finder.link(clean.text, region)
    found = [
        {
            "text": text[slice(*clean.original(place.start, place.end))],
            "kind": place.kind.value,
            "id": place.id,
            "name": place.name,
            "others": list(place.others),
            "how": place.how or _rule(finder.gazetteer, clean.text[place.start : place.end], place.id),
            "closed": _closed(finder.gazetteer, place.id),
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
        how = f"; {place['how']}" if place["how"] else ""
        closed = f"; not in the official list since {place['closed']}" if place["closed"] else ""
        typer.echo(f"{place['text']}: {place['kind']} {place['name']} [{place['id']}]{others}{how}{closed}")
    for name in lost:
        typer.echo(f"not taken: {name['text']} [{name['id']}]: {name['why']}")
    if not found and not lost:
        typer.echo("no place found", err=True)


def _rule(known: Gazetteer, surface: str, identifier: str) -> str:
    """How the name that stands in the text was made from the official one, where it stands there letter by letter."""
    return next((alias.rule for alias in known.aliases.get(surface.lower(), ()) if alias.id == identifier), "")


def _closed(known: Gazetteer, identifier: str) -> str | None:
    """Since when the official list no longer has this school. Streets found by their shape have no entry."""
    try:
        closed = known.entry(identifier).closed
    except UnknownPlaceError:
        return None
    return closed.isoformat() if closed else None
