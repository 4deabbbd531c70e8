"""`seinpost channels`: by which systems partners want to be told, how each channel is doing, and sending again.

A secret is shown once, when an endpoint is added; after that it lies in the key folder alone.
"""

import base64
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn
from uuid import UUID

import typer
from sqlalchemy.exc import IntegrityError

from forwarding.channels.addresses import AddressRefused, check
from pipeline.store import endpoints, trail
from pipeline.store.notices import ChannelName
from pipeline.topics import decisions
from seinpost import composition
from seinpost.settings import Settings, load

app = typer.Typer(help="Systems of partners that are told, and how each channel is doing.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]
Organisation = Annotated[str, typer.Argument(help="Its name, as in the directory.")]
_SHORTEST_KEY = 16
_LOGIN = "[a-z][a-z-]{1,38}[a-z]"
_OURS = ("seinpost", "broker")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """How each channel is doing, and every endpoint. Status 1 when something failed and waits for a person."""
    settings = load()
    with composition.running_database(settings), composition.as_owner(settings) as connection:
        channels = endpoints.counts(connection, composition.now())
        there = endpoints.listed(connection)
    if as_json:
        told = {
            "channels": [
                {
                    "channel": one.channel.value,
                    "endpoints": one.endpoints,
                    "waiting": one.waiting,
                    "due_since": _moment(one.due_since),
                    "failed": one.failed,
                    "last_sent": _moment(one.last_sent),
                    "problems": list(one.problems),
                }
                for one in channels
            ],
            "endpoints": [{**vars(one), "id": str(one.id), "channel": one.channel.value} for one in there],
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        for one in channels:
            last = f"last sent {one.last_sent:%Y-%m-%d %H:%M}" if one.last_sent else "nothing sent yet"
            why = f" ({', '.join(one.problems)})" if one.problems else ""
            typer.echo(f"{one.channel:8} {one.waiting} waiting, {one.failed} failed{why}, {last}")
        for point in there:
            state = "" if point.active else ", off"
            agreed = "" if point.agreed else ", no agreement allows it today"
            typer.echo(f"{point.channel:8} {point.organisation}: {point.url}{state}{agreed}")
    if any(one.failed for one in channels):
        raise typer.Exit(1)


@app.command()
def add(
    organisation: Organisation,
    url: Annotated[str | None, typer.Option("--url", help="https, port 443, a public address.")] = None,
    misp: Annotated[UUID | None, typer.Option("--misp", help="A MISP instance: the sharing group's UUID.")] = None,
    key_file: Annotated[Path | None, typer.Option("--key-file", help="MISP: the file with our API key.")] = None,
    system: Annotated[str | None, typer.Option("--system", help="Kafka: the name its system logs in with.")] = None,
) -> None:
    """Add or change where an organisation's system is told. A webhook's secret is printed once: hand it over safely."""
    settings = load()
    if (url is None) == (system is None) or (system is not None and misp is not None):
        _wrong("give either --url (with --misp for MISP) or --system; nothing was changed")
    if url is None:
        _add_system(settings, organisation, system or "")
        return
    channel = ChannelName.WEBHOOK if misp is None else ChannelName.MISP
    try:
        check(url, settings.webhook_loopback)
        given = _key(key_file) if misp is not None else None
    except AddressRefused as refused:
        _wrong(f"{refused}; nothing was changed")
    now = composition.now()
    try:
        with composition.running_database(settings), composition.as_owner(settings) as connection:
            endpoint = endpoints.keep(connection, organisation, channel, url, misp, True, now)
            trail.append(connection, "endpoint_kept", "endpoint", str(endpoint), now, {"channel": channel.value})
            secret = composition.key_folder(settings).keep_endpoint_key(endpoint, given)
    except endpoints.NoSuchOrganisation as missing:
        _wrong(str(missing))
    if misp is None:
        typer.echo(f"whsec_{base64.b64encode(secret).decode()}")
    typer.echo("It is used for agreements whose `channels` name it; see docs/how-to/forward.md.", err=True)


def _add_system(settings: Settings, organisation: str, system: str) -> None:
    """A topic of its own for an organisation's system; who may read it is said by `topics apply --systems`."""
    if settings.kafka is None:
        _wrong("there is no Kafka here (SEINPOST_KAFKA): a system can be told by --url")
    if re.fullmatch(_LOGIN, system) is None or system.startswith(_OURS):
        _wrong(f"{system} cannot be a system's log-in: 3 to 40 small letters and dashes, and not one of our own")
    now = composition.now()
    try:
        with composition.running_database(settings), composition.as_owner(settings) as connection:
            endpoint = endpoints.keep(connection, organisation, ChannelName.DECISIONS, system, None, True, now)
            detail = {"channel": ChannelName.DECISIONS.value}
            trail.append(connection, "endpoint_kept", "endpoint", str(endpoint), now, detail)
    except endpoints.NoSuchOrganisation as missing:
        _wrong(str(missing))
    except IntegrityError:
        _wrong(f"{system} is the system of another organisation; nothing was changed")
    typer.echo(decisions(system).name)
    typer.echo("Now: seinpost channels systems | seinpost topics apply --systems -", err=True)


@app.command()
def systems() -> None:
    """Systems that have a topic of their own, and whether they may read it now, for `topics apply --systems`."""
    settings = load()
    with composition.running_database(settings), composition.as_owner(settings) as connection:
        there = endpoints.systems(connection)
    typer.echo(json.dumps([one._asdict() for one in there]))


@app.command()
def off(
    organisation: Organisation,
    channel: Annotated[ChannelName, typer.Option("--channel")] = ChannelName.WEBHOOK,
) -> None:
    """Tell an organisation's system nothing new. What it was told can still be withdrawn."""
    settings = load()
    with composition.running_database(settings), composition.as_owner(settings) as connection:
        if not endpoints.stop(connection, organisation, channel):
            _wrong(f"{organisation} has no endpoint for {channel}; see seinpost channels list")
        now = composition.now()
        trail.append(connection, "endpoint_off", "organisation", organisation, now, {"channel": channel.value})


@app.command()
def again(channel: Annotated[ChannelName, typer.Argument()]) -> None:
    """Send again what failed for good on a channel, once it is mended. Receivers drop what they got before."""
    settings = load()
    with composition.running_database(settings), composition.as_owner(settings) as connection:
        told = endpoints.again(connection, channel, composition.now())
    typer.echo(f"{told} notices are sent again")


def _key(file: Path | None) -> bytes:
    if file is None:
        _wrong("a MISP instance needs our API key there: give --key-file")
    try:
        key = file.read_text().strip()
    except OSError:
        _wrong(f"{file} cannot be read")
    if len(key) < _SHORTEST_KEY or not key.isascii():
        _wrong(f"{file} holds no API key")
    return key.encode()


def _wrong(what: str) -> NoReturn:
    typer.echo(what, err=True)
    raise typer.Exit(2)


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
