"""`seinpost tip`: hand in a post seen elsewhere, or an observation. It needs no collection order."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from collectors.tips import Observation, TipFault, TipRefused, make_observation, make_tip
from collectors.tips_photo import is_photo, is_photo_in_words
from seinpost import collecting, composition
from seinpost.settings import load
from signals.post import Post

app = typer.Typer(help="Hand in a post seen elsewhere, or an observation.")


@app.command()
def tip(
    text: Annotated[str | None, typer.Argument(help="The words of the post; none: read from standard input.")] = None,
    link: Annotated[str | None, typer.Option("--link", help="Where it stands; kept sealed, never fetched.")] = None,
    observation: Annotated[bool, typer.Option("--observation", help="Something seen, not a post.")] = False,
    where: Annotated[str, typer.Option("--where", help="Observation: the place.")] = "",
    when: Annotated[str, typer.Option("--when", help="Observation: the moment, in words.")] = "",
    what: Annotated[str, typer.Option("--what", help="Observation: what happens, not who.")] = "",
    how_many: Annotated[str, typer.Option("--how-many", help="Observation: how many people.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Hand in words, never a photo: faces are not kept here. Danger now? Call 112: this is not read at once."""
    settings = load()
    now = composition.now()
    if text is not None and text != "-":
        _no_file(text)
    maker = collecting.post_maker(settings)
    try:
        if observation:
            post = make_observation(maker, Observation(where, when, what, how_many), now)
        else:
            post = make_tip(maker, _words(text), now, link)
    except TipRefused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from None
    _hand_in(post)
    if as_json:
        typer.echo(json.dumps({"id": str(post.id), "source": post.source.value}))
    else:
        typer.echo("Handed in; it stands in the queue in the lane for tips. Danger now? Call 112.")


def _words(text: str | None) -> str:
    if text is not None and text != "-":
        return text
    if sys.stdin.isatty():
        answer: str = typer.prompt("Words of the post")
        return answer
    piped = sys.stdin.buffer.read(100_000)
    if is_photo(piped):
        raise TipRefused(TipFault.PHOTO)
    return piped.decode("utf-8", "replace")


def _no_file(text: str) -> None:
    """A path given for words: a picture is refused as one, another file is to be piped in."""
    try:
        with Path(text).open("rb") as file:
            photo = is_photo(file.read(64)) or is_photo_in_words(text)
    except (OSError, ValueError):
        return  # no file: words, as they should be
    refused = str(TipRefused(TipFault.PHOTO)) if photo else None
    typer.echo(refused or "that is the name of a file; hand in its words with: seinpost tip < FILE", err=True)
    raise typer.Exit(2)


def _hand_in(post: Post) -> None:
    settings = load()
    with composition.running_database(settings) as there, composition.post_sink(settings, there) as sink:
        sink.accept([post], None)
