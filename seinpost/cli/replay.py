"""`seinpost replay`: analyse the posts of the last hours again, and print how that differs from what was found then.

With other settings or models it sets two detections side by side. It changes nothing: its connections are read-only, it
joins no consumer group, and it commits no offset.
"""

import json
from collections import Counter
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from sqlalchemy import Engine

from pipeline.embedded import EmbeddedRawWindow, EmbeddedSettings
from pipeline.replay import compare
from pipeline.shadow import Detection, Shift, SideBySide
from pipeline.store.settings import version
from seinpost import composition
from seinpost.cli.replay_progress import counted
from seinpost.settings import Settings, load
from signals.ports import RawWindow
from signals.settings_version import DetectionSettings

app = typer.Typer(help="Analyse the posts of the last hours again.")
SHIPPED = "shipped"


class NoSuchSettings(Exception):
    """Settings to compare with were named that are nowhere."""


@app.command()
def replay(
    since: Annotated[datetime, typer.Option("--from", help="From this moment on, such as 2026-11-22T14:00.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as one JSON object.")] = False,
    proposed: Annotated[
        str | None,
        typer.Option("--settings", help="Settings to try in shadow: a JSON file, a version of the team, or 'shipped'."),
    ] = None,
    models: Annotated[Path | None, typer.Option("--models", help="A model folder to try in shadow.")] = None,
    base: Annotated[
        str | None, typer.Option("--base-settings", help="Settings to set beside those; the live ones when absent.")
    ] = None,
    base_models: Annotated[
        Path | None,
        typer.Option("--base-models", help="A model folder to set beside that; the one in use when absent."),
    ] = None,
) -> None:
    """Compare what the current settings find in the window with what was found then. Counts only."""
    from nlp.settings import default_settings

    settings = load()
    with composition.running_database(settings) as there:
        plain = there.engine_for("seinpost_road")
        engine = plain.execution_options(postgresql_readonly=True)
        try:
            live = EmbeddedSettings(engine, default_settings()).current()
            first = _detection(settings, engine, base, base_models, live, None)
            shadow = None
            if proposed is not None or models is not None or base is not None or base_models is not None:
                shadow = SideBySide(_detection(settings, engine, proposed, models, live, (base_models, first)))
            began, now = since.astimezone(), composition.now()
            with counted(_window(settings, engine).since(began), began, now) as records:
                found = asdict(compare(records, first.analyse, first.settings, engine, shadow))
        finally:
            plain.dispose()
    if shadow is not None:
        found["shadow"] = _shadow(shadow)
    if as_json:
        typer.echo(json.dumps(found))
        return
    for name, value in found.items():
        if name != "shadow":
            typer.echo(f"{name.replace('_', ' '):20} {value if isinstance(value, int) else json.dumps(value)}")
    if shadow is not None:
        for line in _table(shadow):
            typer.echo(line)


def _detection(
    settings: Settings,
    engine: Engine,
    named: str | None,
    models: Path | None,
    live: DetectionSettings,
    loaded: tuple[Path | None, Detection] | None,
) -> Detection:
    """One side. Models that the other side has loaded already are not loaded again."""
    chosen = live if named is None else chosen_settings(named, engine)
    if loaded is not None and loaded[0] == models:
        return Detection(loaded[1].analyse, chosen)
    folder = settings if models is None else settings.model_copy(update={"models": models})
    return Detection(composition.analyser(folder), chosen)


def chosen_settings(named: str, engine: Engine) -> DetectionSettings:
    """Settings by file or version. Raises `NoSuchSettings`."""
    from nlp.settings import default_settings

    shipped = default_settings()
    if named in (SHIPPED, shipped.version):
        return shipped
    file = Path(named)
    if file.is_file():
        try:
            return DetectionSettings.model_validate_json(file.read_bytes())
        except ValidationError as wrong:
            first = wrong.errors(include_input=False)[0]
            raise NoSuchSettings(
                f"{file} holds no settings: {'.'.join(map(str, first['loc']))} {first['msg']}"
            ) from None
    with engine.connect() as connection:
        found = version(connection, named)
    if found is None:
        raise NoSuchSettings(f"{named!r} is neither a file nor a version of the settings; 'shipped' names our own")
    return found


def _window(settings: Settings, engine: Engine) -> RawWindow:
    keys = composition.key_folder(settings)
    if settings.kafka is None:
        return EmbeddedRawWindow(engine, keys)
    from pipeline.kafka.raw_window import KafkaRawWindow

    return KafkaRawWindow(composition.brokers(settings), keys)


def _shadow(found: SideBySide) -> dict[str, object]:
    """The comparison as one object; every share with its 95 % interval (Wilson)."""
    groups: dict[str, dict[str, object]] = {}
    for group, name, shift in found.rows():
        groups.setdefault(group, {})[name or "all"] = _with_shares(shift)
    return {
        "posts": found.posts,
        "failed": found.failed,
        "versions_base": dict(found.versions_base),
        "versions_proposed": dict(found.versions_proposed),
        "groups": groups,
    }


def _with_shares(shift: Shift) -> dict[str, object]:
    from nlp.evaluate.intervals import wilson

    return asdict(shift) | {
        "base_share": wilson(shift.base, shift.posts),
        "proposed_share": wilson(shift.proposed, shift.posts),
        "disappear_share": wilson(shift.disappear, shift.base),
        "appear_share": wilson(shift.appear, shift.posts - shift.base),
    }


def _table(found: SideBySide) -> list[str]:
    from nlp.evaluate.intervals import wilson

    def share(hits: int, of: int) -> str:
        made = wilson(hits, of)
        return "-" if made is None else f"{made['low']:.2%} to {made['high']:.2%}"

    head = f"{'flagged, by':25} {'base':>7} {'proposed':>8} {'appear':>7} {'gone':>7} {'in':>5} {'out':>5}"
    lines = ["", f"side by side on {found.posts} posts; the proposal broke on {found.failed}"]
    for which, versions in (("base", found.versions_base), ("proposed", found.versions_proposed)):
        lines.append(f"{which:10} {_names(versions)}")
    lines += ["", f"{head}  share of posts, 95 %: base; proposed"]
    for group, name, s in found.rows():
        lines.append(
            f"{f'{group} {name}'.strip():25} {s.base:7} {s.proposed:8} {s.appear:7} {s.disappear:7} {s.moved_in:5}"
            f" {s.moved_out:5}  {share(s.base, s.posts)}; {share(s.proposed, s.posts)}"
        )
    return lines


def _names(versions: Counter[str]) -> str:
    return ", ".join(versions) or "no posts"
