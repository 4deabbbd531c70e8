"""`seinpost doctor`: checks this installation and says, per finding, what to mend. Changes nothing."""

import json
from collections.abc import Callable, Iterable
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from seinpost.examination import Finding, examine
from seinpost.settings import load

app = typer.Typer(help="Check this installation and say what to mend.")


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as one JSON list.")] = False,
) -> None:
    """Check settings, keys, database, Kafka, models and mail. Exit status 1 when something must be mended."""
    findings = list(examine(load()))
    show: Callable[[Iterable[Finding]], None] = _as_json if as_json else _as_lines
    show(findings)
    if any(not finding.fine for finding in findings):
        raise typer.Exit(1)


def _as_json(findings: Iterable[Finding]) -> None:
    rows = [{"what": finding.what, "fine": finding.fine, "says": finding.says} for finding in findings]
    typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))


def _as_lines(findings: Iterable[Finding]) -> None:
    console = Console(soft_wrap=True)
    for finding in findings:
        mark = Text("good  ", style="green") if finding.fine else Text("mend  ", style="bold red")
        console.print(mark, Text(f"{finding.what}: {finding.says}"), sep="")
