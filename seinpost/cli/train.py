"""`seinpost train`: make the detection models from labelled JSON lines. Needs the `train` extra (PyTorch)."""

import importlib.util
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def train(
    labelled: Annotated[list[Path], typer.Argument(help="Labelled posts as JSON lines.")],
    base: Annotated[Path, typer.Option(help="Folder of the encoder to start from.")],
    out: Annotated[Path, typer.Option(help="Folder to write the model to.")],
    facts: Annotated[list[Path] | None, typer.Option(help="Facts and levels of labelled posts.")] = None,
    ordinary: Annotated[list[Path] | None, typer.Option(help="Real ordinary posts, harmless.")] = None,
    epochs: Annotated[int, typer.Option(help="Times to go through all rows.", min=1)] = 5,
    networks: Annotated[int, typer.Option(help="Networks to take the mean of.", min=1, max=10)] = 3,
    seed: Annotated[int, typer.Option(help="The same seed gives the same model on one machine kind.")] = 7,
) -> None:
    """Train encoder, gate and thresholds, and write a model folder with its card."""
    if any(importlib.util.find_spec(name) is None for name in ("torch", "onnx")):
        typer.echo("training needs PyTorch and onnx: install seinpost[train]", err=True)
        raise typer.Exit(2)
    from nlp.labelled import LabelledFileError  # these need the train extra
    from nlp.train.fit import Plan
    from nlp.train.parts import Sources
    from nlp.train.run import train as make

    sources = Sources(tuple(labelled), tuple(facts or ()), tuple(ordinary or ()), base)
    try:
        make(sources, out, Plan(networks=networks, epochs=epochs, seed=seed), lambda line: typer.echo(line, err=True))
    except (LabelledFileError, OSError) as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(2) from None
    typer.echo(str(out))
