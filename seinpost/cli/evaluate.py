"""`seinpost evaluate`: measure detection on labelled JSON lines, every figure with its 95 % interval.

Prints figures and ids of rows, never their text.
"""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from nlp.analyse import Analyser
from nlp.encoder import ModelFolderError
from nlp.evaluate import bars as bars_file
from nlp.evaluate import files as given_files
from nlp.evaluate import run
from nlp.evaluate.bars import Bars, BarsFileError
from nlp.evaluate.compare import compare
from nlp.evaluate.details import Details, details
from nlp.evaluate.gate import Evidence, Verdict, judge
from nlp.evaluate.picture_files import NoPngError, write_plots
from nlp.evaluate.report import Report, report_of
from nlp.evaluate.rows import Rows
from nlp.labelled import LabelledFileError
from nlp.places import gazetteer
from nlp.settings import default_settings
from seinpost.cli import evaluate_tables as tables
from signals.settings_version import DetectionSettings

app = typer.Typer()


@app.command()
def evaluate(
    files: Annotated[
        list[Path],
        typer.Argument(help="JSON lines: labelled posts, their facts, counterfactual posts, ordinary posts."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    models: Annotated[Path | None, typer.Option(help="A model folder to use in place of the shipped one.")] = None,
    settings_file: Annotated[
        Path | None, typer.Option("--settings", help="A settings file (JSON) in place of the shipped one.")
    ] = None,
    with_details: Annotated[
        bool, typer.Option("--details", help="With --json: add every kind of post, area and bin under 'details'.")
    ] = False,
    plots: Annotated[Path | None, typer.Option(help="Folder to write the two plots to, as SVG and PNG.")] = None,
    against: Annotated[Path | None, typer.Option(help="A model folder to compare with on the same rows.")] = None,
    against_settings: Annotated[Path | None, typer.Option(help="A settings file (JSON) to compare with.")] = None,
    without_masks: Annotated[
        bool, typer.Option("--without-masks", help="Measure once more without mentions and links.")
    ] = False,
    gate: Annotated[bool, typer.Option("--gate", help="Exit with 1 and a line for each bar that is broken.")] = False,
    bars: Annotated[Path, typer.Option(help="The bars, as TOML.")] = bars_file.SHIPPED,
) -> None:
    """Analyse labelled posts, with the shipped model and settings unless others are named, and compare."""
    now, places = datetime.now(UTC), gazetteer.load()
    comparing = against is not None or against_settings is not None
    try:
        given = given_files.read(files)
        held = Bars.read(bars) if gate else None
        settings = _settings(settings_file) if settings_file else default_settings()
        other_settings = _settings(against_settings) if against_settings else settings
        analyser = Analyser.load(models)
        other = (Analyser.load(against) if against else analyser) if comparing else None
    except (LabelledFileError, ModelFolderError, BarsFileError, SettingsFileError) as problem:
        raise _refused(str(problem)) from None
    if not given.posts and (
        comparing or plots or without_masks or not (given.pairs or given.languages or given.ordinary)
    ):
        raise _refused("these files hold no labelled posts")
    typer.echo(f"analysing {len(given)} posts", err=True)
    analyse = run.with_settings(analyser, settings)
    measured = run.measure(analyse, given, places, now)
    rows, kinds = measured.rows, details(measured.rows, places)
    made = report_of(rows, threshold=settings.threshold, seconds=measured.seconds)
    extra = _beside(measured)
    if without_masks:
        bare, seconds, had = run.without_masks(analyse, given, places, now)
        bare_report = report_of(bare, threshold=settings.threshold, seconds=seconds)
        extra["without_masks"] = {"rows_with_masks": had, **bare_report, "less_with_masks": compare(bare, rows)}
    compared: Rows | None = None
    if other is not None:
        compared, _ = run.labelled(run.with_settings(other, other_settings), given.posts, given.facts, places, now)
        extra["against"] = compare(rows, compared)
    if plots is not None:
        _draw(plots, rows, compared)
    verdict = judge(held, _evidence(kinds, measured)) if held else None
    if verdict is not None:
        extra["gate"] = asdict(verdict)
    if as_json:
        added = {"details": kinds.plain()} if with_details else {}
        typer.echo(json.dumps({**made, **added, **extra}, ensure_ascii=False))
    else:
        _show(made, kinds, extra)
    if verdict is not None:
        _end(verdict, as_json=as_json)


def _beside(measured: run.Measured) -> Report:
    parts = {
        "registers": measured.harmless_registers,
        "registers_actionable": measured.actionable_registers,
        "other_languages": measured.languages,
        "ordinary": measured.ordinary,
    }
    return {name: asdict(part) for name, part in parts.items() if part is not None}


class SettingsFileError(Exception):
    """A settings file cannot be read; the message says which field."""


def _settings(path: Path) -> DetectionSettings:
    try:
        return DetectionSettings.model_validate_json(path.read_bytes())
    except OSError as problem:
        raise SettingsFileError(f"{path}: cannot be read ({type(problem).__name__})") from None
    except ValidationError as problem:
        field = ".".join(str(part) for part in problem.errors()[0]["loc"]) or "the file"
        raise SettingsFileError(f"{path}: {field} is missing or wrong") from None


def _refused(why: str) -> typer.Exit:
    typer.echo(why, err=True)
    return typer.Exit(2)


def _evidence(kinds: Details, measured: run.Measured) -> Evidence:
    return Evidence(
        by_genre=kinds.by_genre,
        by_class=kinds.by_class,
        areas={**kinds.by_area, **{f"town {name}": group for name, group in kinds.by_town.items()}},
        registers=measured.harmless_registers,
        ordinary=measured.ordinary.rate_by_lang if measured.ordinary else {},
    )


def _draw(folder: Path, rows: Rows, compared: Rows | None) -> None:
    try:
        for path in write_plots(folder, {"this": rows, **({"other": compared} if compared is not None else {})}):
            typer.echo(str(path), err=True)
    except NoPngError as problem:
        typer.echo(f"{problem}; the SVG files are in {folder}", err=True)
    except OSError as problem:
        raise _refused(f"{folder}: cannot be written ({type(problem).__name__})") from None


def _show(made: Report, kinds: Details, extra: Report) -> None:
    console = Console()
    console.print(tables.figures(made))
    for table in tables.grouped(kinds.plain()):
        console.print(table)
    for name, part in extra.items():
        if name == "gate" or not isinstance(part, dict):
            continue
        console.print(f"\n[bold]{name.replace('_', ' ')}[/bold]")
        if "less_with_masks" in part:
            console.print(tables.figures({key: value for key, value in part.items() if key != "less_with_masks"}))
            part = part["less_with_masks"]
        for table in tables.grouped(part):
            console.print(table)
        for listed in ("wrong", "flagged"):
            if part.get(listed):
                console.print(f"{listed}: {', '.join(part[listed])}", markup=False)


def _end(verdict: Verdict, *, as_json: bool) -> None:
    for line in verdict.not_measured:
        typer.echo(f"not measured: {line}", err=True)
    for line in verdict.broken:
        typer.echo(line, err=as_json)
    if not verdict.judged:
        raise _refused("nothing was given that a bar speaks of")
    if verdict.broken:
        raise typer.Exit(1)
