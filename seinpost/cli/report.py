"""`seinpost report`: numbers of a month to hand on, as PDF and CSV. No content; small numbers only when asked for."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seinpost import composition
from seinpost.settings import load

if TYPE_CHECKING:
    from datetime import date

    from review_ui.meeting.sheet import Sheet

app = typer.Typer(help="Reports without content.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keeps a group with one command a group."""


@app.command("month")
def month(
    named: Annotated[str, typer.Argument(metavar="MONTH", help="The month, as 2026-11.")],
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write the report here as PDF.")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write the numbers here as CSV.")] = None,
    exact: Annotated[
        bool,
        typer.Option("--exact", help="Every number, for the team itself; else none under ten, and the rest in tens."),
    ] = False,
    english: Annotated[bool, typer.Option("--english", help="In English; the same codes in the CSV.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
) -> None:
    """The monthly report: what came, what was decided and done, what helped. The same bytes for the same numbers."""
    from review_ui.meeting.months import month_of, period
    from review_ui.meeting.pdf import as_pdf
    from review_ui.meeting.sheet import as_csv

    wanted = month_of(named)
    made = _made(wanted, exact, english)
    ends = period(wanted, wanted).ends
    if ends > composition.now():
        typer.echo(f"{named} is not over yet: these numbers will change", err=True)
    if pdf is not None:
        pdf.write_bytes(as_pdf(made, ends))
        typer.echo(f"written: {pdf}", err=True)
    if csv is not None:
        csv.write_text(as_csv(made), newline="")
        typer.echo(f"written: {csv}", err=True)
    if as_json:
        typer.echo(json.dumps(asdict(made), ensure_ascii=False))
    elif pdf is None and csv is None:
        for section in made.sections:
            typer.echo(section.heading)
            for row in section.rows:
                typer.echo(f"{row.shown:>10}  {row.name}")


def _made(wanted: "date", exact: bool, english: bool) -> "Sheet":
    from forwarding.places import install
    from review_ui.language import Language
    from review_ui.meeting.making import monthly

    settings = load()
    install(composition.imported_places(settings))
    with composition.running_database(settings) as there:
        engine = there.engine_for("seinpost_retention")
        try:
            with engine.connect() as connection:
                return monthly(connection, wanted, exact, Language.ENGLISH if english else Language.DUTCH)
        finally:
            engine.dispose()
