"""`retention`, `audit` and `register`: the oversight commands. What is still to come says so, with status 2."""

import json
import signal
import threading
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from seinpost import composition
from seinpost.settings import Settings, load

if TYPE_CHECKING:
    from sqlalchemy import Engine

retention = typer.Typer(help="Forget what is due to be forgotten.", no_args_is_help=True)
audit = typer.Typer(help="Verify the tamper-evident trail.", no_args_is_help=True)
register = typer.Typer(help="The register of processing activities.", no_args_is_help=True)


@retention.callback()
@audit.callback()
@register.callback()
def group() -> None:
    """Keeps a group with one command a group."""


def not_built(what: str, comes_with: str) -> NoReturn:
    """Say honestly that a command is still to come."""
    typer.echo(f"{what} is not built yet: it comes with {comes_with}.", err=True)
    raise typer.Exit(2)


@retention.command("run")
def retention_run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as one JSON object.")] = False,
    every: Annotated[int | None, typer.Option("--every", min=1, help="Go on, once in so many minutes.")] = None,
) -> None:
    """Delete everything whose time is up, by the one retention table."""
    settings, stop = load(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while True:
        _say(_forget(settings, dry_run), as_json)
        if every is None or stop.wait(every * 60):
            return


def _forget(settings: Settings, dry_run: bool) -> dict[str, int]:
    from pipeline.retention import forget

    with composition.running_database(settings) as there:
        engine, road = there.engine_for("seinpost_retention"), there.engine_for("seinpost_road")
        try:
            if not dry_run:
                _look_after_quality(settings, road)
            return forget(engine, road, composition.key_folder(settings), composition.now(), dry_run=dry_run)
        finally:
            engine.dispose()
            road.dispose()


def _look_after_quality(settings: Settings, road: "Engine") -> None:
    """Before anything is forgotten: rejections are drawn for a second reading while their text is there."""
    from nlp.settings import default_settings
    from pipeline.quality.upkeep import look_after

    key = composition.key_folder(settings).id_key().derived("second-reading")
    look_after(road, settings.second_readings, key, default_settings(), composition.now(), settings.golden_share)


def _say(gone: dict[str, int], as_json: bool) -> None:
    from pipeline.retention import RULES

    if as_json:
        typer.echo(json.dumps(gone))
        return
    names = {rule.name: rule.what for rule in RULES} | {
        "source_gone": "versions whose source is gone",
        "backup_keys": "contents of backups, by their keys",
    }
    for rule, count in gone.items():
        typer.echo(f"{count:8d}  {names.get(rule, 'keys of hours')}")


@audit.command("verify")
def audit_verify(
    as_json: Annotated[bool, typer.Option("--json", help="Print the finding as one JSON object.")] = False,
) -> None:
    """Check that no row of the trail was changed, removed or put in between. Status 1 when one was."""
    from pipeline.store.trail import verify

    settings = load()
    with composition.running_database(settings) as there:
        engine = there.engine_for("seinpost_retention")
        with engine.connect() as connection:
            read, problems = verify(connection)
        engine.dispose()
    if as_json:
        typer.echo(json.dumps({"lines": read, "problems": [{"seq": p.seq, "what": p.what} for p in problems]}))
    else:
        for problem in problems:
            typer.echo(f"line {problem.seq}: {problem.what}")
        typer.echo(f"{read} lines of the trail read, {len(problems)} problems")
    raise typer.Exit(1 if problems else 0)


@register.command("export")
def register_export() -> None:
    """Print the register of processing activities of this installation."""
    not_built("register export", "the oversight screens")
