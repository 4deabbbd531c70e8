"""`seinpost replay`: analyse the posts of the last hours again with the settings of now, and print how that differs.

It changes nothing: the queue, the books and the topics stay as they are.
"""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy import Engine

from pipeline.embedded import EmbeddedRawWindow, EmbeddedSettings
from pipeline.replay import compare
from seinpost import composition
from seinpost.settings import Settings, load
from signals.ports import RawWindow

app = typer.Typer(help="Analyse the posts of the last hours again.")


@app.command()
def replay(
    since: Annotated[datetime, typer.Option("--from", help="From this moment on, such as 2026-11-22T14:00.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as one JSON object.")] = False,
) -> None:
    """Compare what the current settings find in the window with what was found then. Counts only."""
    from nlp.settings import default_settings

    settings = load()
    with composition.running_database(settings) as there:
        engine = there.engine_for("seinpost_road")
        try:
            live = EmbeddedSettings(engine, default_settings()).current()
            records = _window(settings, engine).since(since.astimezone())
            counts = asdict(compare(records, composition.analyser(settings), live, engine))
        finally:
            engine.dispose()
    if as_json:
        typer.echo(json.dumps(counts))
        return
    for name, value in counts.items():
        typer.echo(f"{name.replace('_', ' '):20} {value if isinstance(value, int) else json.dumps(value)}")


def _window(settings: Settings, engine: Engine) -> RawWindow:
    keys = composition.key_folder(settings)
    if settings.kafka is None:
        return EmbeddedRawWindow(engine, keys)
    from pipeline.kafka.raw_window import KafkaRawWindow

    return KafkaRawWindow(settings.kafka, keys)
