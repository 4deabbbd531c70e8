"""`seinpost evaluate`: measure detection on labelled JSON lines, every figure with its 95 % interval."""

import json
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from nlp.analyse import Analyser, Text
from nlp.encoder import ModelFolderError
from nlp.evaluate.report import Report, report
from nlp.labelled import LabelledFileError, read_labelled
from nlp.places import gazetteer
from nlp.settings import default_settings

app = typer.Typer()


@app.command()
def evaluate(
    files: Annotated[list[Path], typer.Argument(help="Labelled posts, and files with their facts, as JSON lines.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    models: Annotated[Path | None, typer.Option(help="A model folder to use in place of the shipped one.")] = None,
) -> None:
    """Analyse labelled posts with the default settings and compare."""
    try:
        posts, facts = read_labelled(files)
        analyser = Analyser.load(models)
    except (LabelledFileError, ModelFolderError) as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(2) from None
    if not posts:
        typer.echo("these files hold no labelled posts", err=True)
        raise typer.Exit(2)
    settings, now = default_settings(), datetime.now(UTC)
    texts = [Text(post.text, post.moment(now)) for post in posts]
    analyser.analyse(texts[:1], settings)
    began = perf_counter()
    analyses = analyser.analyse(texts, settings)
    seconds = perf_counter() - began
    made = report(posts, analyses, facts, gazetteer.load(), threshold=settings.threshold, seconds=seconds)
    if as_json:
        typer.echo(json.dumps(made, ensure_ascii=False))
    else:
        _show(made)


def _show(made: Report) -> None:
    table = Table("figure", "value", "95 % interval")
    for name, value in made.items():
        parts = value.items() if isinstance(value, dict) and "low" not in value else [("", value)]
        for part, figure in parts:
            label = f"{name} {part}".strip()
            if isinstance(figure, dict) and "low" in figure:
                table.add_row(label, str(figure["value"]), f"{figure['low']} to {figure['high']}")
            elif isinstance(figure, dict):
                table.add_row(label, str(figure.get("rows", "")), "")
            else:
                table.add_row(label, "" if figure is None else str(figure), "")
    Console().print(table)
