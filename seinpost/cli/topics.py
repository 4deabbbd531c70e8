"""`seinpost topics`: create the Kafka topics, check them, and write their contract. It deletes none."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.kafka.connection import Brokers
from pipeline.topics import System
from seinpost import composition
from seinpost.settings import Settings, load

app = typer.Typer(help="Create and check the Kafka topics and who may use them.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print the lines as one JSON list.")]
Systems = Annotated[
    Path | None,
    typer.Option(
        "--systems",
        help="Also the topics and permissions of partners' systems: the file that `seinpost channels systems` printed,"
        " or - for standard input. Left out: those stay as they are.",
        allow_dash=True,
    ),
]


@app.command()
def apply(systems: Systems = None, as_json: AsJson = False) -> None:
    """Create topics that are missing, correct what differs, and give each process its permissions. Safe to repeat."""
    from pipeline.topics import apply as applied

    _print(applied(broker(load()), _read(systems)), as_json, "all topics, copies and permissions are as they should be")


@app.command()
def check(systems: Systems = None, as_json: AsJson = False) -> None:
    """Say what differs from the tables; status 1 when something does."""
    from pipeline.topics import drift

    found = drift(broker(load()), _read(systems))
    _print(found, as_json, "all topics, copies and permissions are as they should be")
    if found:
        raise typer.Exit(1)


@app.command()
def contract(
    file: Annotated[Path | None, typer.Argument(help="Where to write it; none prints it.")] = None,
) -> None:
    """Write the contract of the topics, as an AsyncAPI document made from the types. Needs no broker."""
    from pipeline.contract import document

    text = json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
    if file is None:
        typer.echo(text, nl=False)
    else:
        file.write_text(text)


def broker(settings: Settings) -> Brokers:
    """The brokers to talk to. Raises `NoKafka` where the embedded road is configured."""
    return composition.brokers(settings)


def _read(file: Path | None) -> list[System] | None:
    """The systems in a file; no file: none were asked about."""
    if file is None:
        return None
    try:
        content = sys.stdin.read() if str(file) == "-" else file.read_text()
        return [System(str(one["login"]), one["reads"] is True) for one in json.loads(content)]
    except (OSError, ValueError, KeyError, TypeError):
        typer.echo(f"{file} is no list of systems: make it with seinpost channels systems", err=True)
        raise typer.Exit(2) from None


def _print(lines: list[str], as_json: bool, when_none: str) -> None:
    if as_json:
        typer.echo(json.dumps(lines))
        return
    for line in lines or [when_none]:
        typer.echo(line)
