"""`seinpost outcomes`: how right the detection was, by what became of its signals. Prints shares, never a text."""

import json
from dataclasses import asdict, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from seinpost import composition
from seinpost.settings import Settings, load

if TYPE_CHECKING:
    from nlp.evaluate.proportions import Proportion
    from pipeline.quality.outcome_figures import Figures, OutcomeReport, OutcomeRow
    from pipeline.store.outcome_rows import KeptOutcome
    from signals.settings_version import DetectionSettings

app = typer.Typer()


@app.command()
def outcomes(
    days: Annotated[int, typer.Option(min=1, max=365, help="Signals that changed in so many days.")] = 90,
    again: Annotated[
        bool,
        typer.Option("--again", help="By the detection of today: analyse the masked texts that are still kept."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Judgements and outcomes as labels beside what each version had found, with 95 % intervals; none under ten."""
    from nlp.settings import default_settings
    from pipeline.quality.outcome_figures import report
    from pipeline.store import outcome_rows
    from pipeline.store import settings as settings_versions

    settings = load()
    since = composition.now() - timedelta(days=days)
    with composition.running_database(settings), composition.as_owner(settings) as connection:
        live = settings_versions.active(connection) or default_settings()
        kept = list(outcome_rows.kept(connection, since, again))
    rows = _again(settings, live, kept) if again else [one.row for one in kept]
    made = report(rows)
    if as_json:
        typer.echo(json.dumps(asdict(made), ensure_ascii=False))
    else:
        _show(made)


def _again(settings: Settings, live: "DetectionSettings", kept: "list[KeptOutcome]") -> "list[OutcomeRow]":
    """The same signals by the detection as it is now, in memory. What has no text any more is left out."""
    from nlp.analyse import Analyser, Text
    from pipeline.quality.outcome_figures import Found
    from pipeline.store.outcome_rows import version_of

    there = [(one.row, Text(one.text, one.moment)) for one in kept if one.text is not None]
    typer.echo(f"analysing {len(there)} texts that are still kept", err=True)
    models = Analyser.load(settings.models, composition.imported_places(settings))
    answers = models.analyse([post for _, post in there], live)
    return [
        replace(row, found=Found(now.flagged, now.category, now.level, version_of(now.versions)))
        for (row, _), now in zip(there, answers, strict=True)
    ]


def _show(made: "OutcomeReport") -> None:
    typer.echo(f"all: {_line(made.all)}")
    for name, groups in made.groups.items():
        for value, figures in groups.items():
            typer.echo(f"{name} {value}: {_line(figures)}")
    typer.echo(f"handed in by people and flagged too: {_share(made.found_again)}")
    typer.echo(f"left out: {_number(made.disputed)} disputed, {_number(made.undecided)} undecided")


def _line(figures: "Figures") -> str:
    if figures.signals is None:
        return "fewer than 10"
    return (
        f"{figures.signals} signals, right {_share(figures.right)}, kind right {_share(figures.category_right)},"
        f" level right {_share(figures.level_right)}"
    )


def _share(share: "Proportion | None") -> str:
    return "fewer than 10" if share is None else f"{share.value:.0%} ({share.low:.0%}–{share.high:.0%})"


def _number(number: int | None) -> str:
    return "fewer than 10" if number is None else str(number)
