"""`seinpost thresholds`: choosing thresholds for a stated share of flagged posts. Not built yet, and says so."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def thresholds(
    files: Annotated[list[Path] | None, typer.Argument(help="Labelled posts as JSON lines.")] = None,
) -> None:
    """Choose thresholds (comes with a later version; 'seinpost train' chooses the shipped ones)."""
    typer.echo(f"choosing thresholds ({len(files or [])} files given) comes with a later version", err=True)
    raise typer.Exit(2)
