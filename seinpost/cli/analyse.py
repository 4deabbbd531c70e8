"""`seinpost analyse`: analyse text or JSON lines and print what the machine finds. Stores nothing, judges nobody."""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from nlp.analyse import Analyser, Text
from nlp.encoder import ModelFolderError
from nlp.explain import explain
from nlp.places import imported
from nlp.settings import default_settings
from seinpost.settings import load
from signals.analysis import Analysis, Fact

app = typer.Typer()
TOGETHER = 256
LONGEST_LINE = 1_000_000
"""Characters of a line that are still read; a longer one is answered with an error."""


@app.command()
def analyse(
    file: Annotated[Path | None, typer.Argument(help="A file to read; standard input when absent.")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Read and print one JSON object a line.")] = False,
    models: Annotated[Path | None, typer.Option(help="A model folder to use in place of the shipped one.")] = None,
    why: Annotated[
        bool, typer.Option("--explain", help="Add what was undone, what weighed, and what would un-flag the text.")
    ] = False,
) -> None:
    """Analyse a text, or JSON lines with id and text (and posted_at), and print the result."""
    try:
        content = file.read_bytes() if file else sys.stdin.buffer.read()
        analyser = Analyser.load(models, imported.current(load().places_folder))
    except (OSError, ModelFolderError) as problem:
        typer.echo(f"cannot analyse: {problem}", err=True)
        raise typer.Exit(2) from None
    now = datetime.now(UTC)
    if not jsonl:
        text = Text(content.decode("utf-8", "replace"), now)
        [analysis] = analyser.analyse([text], default_settings())
        made = answer("text", analysis) | (explanation(analyser, text, analysis) if why else {})
        print(json.dumps(made, indent=2))  # noqa: T201
        return
    failed = 0
    for line in answers(content.split(b"\n"), analyser, now, why=why):
        failed += "error" in line
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    if failed:
        typer.echo(f"{failed} lines could not be read; their answers say why", err=True)
        raise typer.Exit(1)


def answers(
    lines: Iterable[bytes], analyser: Analyser, now: datetime, *, why: bool = False
) -> Iterator[dict[str, object]]:
    """One answer per line that is not blank, in order; a line that cannot be read answers with its error."""
    settings = default_settings()
    waiting = (line for line in lines if line.strip())
    while group := list(islice(waiting, TOGETHER)):
        read = [request(line, now) for line in group]
        texts = [entry for entry in read if not isinstance(entry[1], str)]
        analyses = iter(analyser.analyse([text for _, text in texts if isinstance(text, Text)], settings))
        for identifier, text in read:
            if isinstance(text, str):
                yield {"id": identifier, "error": text}
                continue
            analysis = next(analyses)
            yield answer(identifier, analysis) | (explanation(analyser, text, analysis) if why else {})


def request(line: bytes, now: datetime) -> tuple[object, Text | str]:
    """The id of a line and its text, or why the line cannot be read (never a piece of it)."""
    if len(line) > LONGEST_LINE:
        return None, f"the line is longer than {LONGEST_LINE} bytes"
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return None, "the line is not UTF-8"
    except (json.JSONDecodeError, RecursionError, ValueError):
        return None, "the line is not JSON"
    if not isinstance(row, dict):
        return None, "the line is not a JSON object"
    identifier = row.get("id")
    if not isinstance(identifier, str | int) or isinstance(identifier, bool):
        return None, "id is missing or is no text or number"
    text, posted = row.get("text"), row.get("posted_at")
    if not isinstance(text, str):
        return identifier, "text is missing or is no text"
    if any("\ud800" <= character <= "\udfff" for character in text):
        return identifier, "text holds half a character (a lone surrogate)"
    if posted is None:
        return identifier, Text(text, now)
    try:
        moment = datetime.fromisoformat(posted)
    except (TypeError, ValueError):
        return identifier, "posted_at is not an ISO 8601 time"
    if moment.tzinfo is None:
        return identifier, "posted_at has no time zone"
    return identifier, Text(text, moment)


def explanation(analyser: Analyser, text: Text, analysis: Analysis) -> dict[str, object]:
    """What `--explain` adds; `nearest` lists the stretches without which the text would not be flagged, if found."""
    made = explain(analyser, text, default_settings(), analysis)
    return {
        "explain": {
            "undone": [{"start": one.start, "end": one.end, "what": one.what.value} for one in made.undone],
            "weights": [{"start": one.start, "end": one.end, "share": one.share} for one in made.weights],
            "nearest": None if made.nearest is None else [list(span) for span in made.nearest],
            "runs": made.runs,
        }
    }


def answer(identifier: object, analysis: Analysis) -> dict[str, object]:
    """An analysis as the interface prints it."""
    return {
        "id": identifier,
        "flagged": analysis.flagged,
        "score": round(analysis.score, 4),
        "category": analysis.category.value,
        "imminent": analysis.imminent,
        "genre": analysis.genre.value,
        "lang": analysis.lang.value,
        "level": analysis.level.value,
        "facts": {fact.value: [list(span) for span in analysis.facts.spans(fact)] for fact in Fact},
        "places": [
            {"text": p.text, "start": p.start, "end": p.end, "kind": p.kind.value, "id": p.id, "name": p.name}
            for p in analysis.places
        ],
        "reasons": [{"start": reason.start, "end": reason.end, "why": reason.why} for reason in analysis.reasons],
        "versions": {
            "model": analysis.versions.model,
            "terms": analysis.versions.terms,
            "settings": analysis.versions.settings,
        },
    }
