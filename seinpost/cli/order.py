"""`seinpost order`: draft, approve, list, renew and stop collection orders. Two others approve what one drafted."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, NoReturn
from uuid import UUID

import typer
from pydantic import ValidationError
from sqlalchemy import Connection

from collectors.kinds import SeedWrong, kinds, seed_of
from pipeline.store import orders
from pipeline.store.connection import acting_as
from pipeline.store.users import verify_password
from seinpost import collecting, composition
from seinpost.settings import load
from signals.order import MAX_ORDER_DAYS, Order, Scope
from signals.post import HUMAN_SOURCES, Source

app = typer.Typer(help="Create, approve, list, renew and stop collection orders.", no_args_is_help=True)

User = Annotated[str, typer.Option("--user", help="Your user name.", prompt="User name")]
PasswordFile = Annotated[Path | None, typer.Option("--password-file", help="Else you are asked.", exists=True)]
AsJson = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
Number = Annotated[int, typer.Argument(help="Number of the order.")]
Days = Annotated[int, typer.Option("--days", min=1, max=MAX_ORDER_DAYS, help="How many days it runs.")]

_KINDS = ", ".join(kind.name for kind in kinds().values() if kind.reader)
_COLLECTED = tuple(source for source in Source if source not in HUMAN_SOURCES)


@dataclass(frozen=True)
class Desk:
    """A signed-in user and the transaction in which he or she acts."""

    connection: Connection
    user_id: UUID
    master_key: bytes


@app.command()
def create(
    user: User,
    controller: Annotated[str, typer.Option("--controller", help="Who is responsible (verwerkingsverantwoordelijke).")],
    basis: Annotated[str, typer.Option("--basis", help="The legal basis.")],
    occasion: Annotated[str, typer.Option("--occasion", help="The concrete occasion.")],
    source: Annotated[list[str], typer.Option("--source", help=f"One of {', '.join(_COLLECTED)}; may be repeated.")],
    term: Annotated[list[str] | None, typer.Option("--term", help="Only posts with one of these words.")] = None,
    hashtag: Annotated[list[str] | None, typer.Option("--hashtag", help="… or one of these hashtags.")] = None,
    place: Annotated[list[str] | None, typer.Option("--place", help="Only posts that name one of these.")] = None,
    language: Annotated[list[str] | None, typer.Option("--language", help="Only these languages, such as nl.")] = None,
    feed: Annotated[list[str] | None, typer.Option("--feed", help="Address of a feed; kept sealed.")] = None,
    seed: Annotated[
        list[str] | None,
        typer.Option("--seed", help=f"KIND=ADDRESS, of {_KINDS}; kept sealed, may be repeated."),
    ] = None,
    seed_reason: Annotated[str, typer.Option("--seed-reason", "--feed-reason", help="Why these seeds or feeds.")] = "",
    days: Days = 14,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Draft an order. It lets nothing in until two others approved it."""
    now = composition.now()
    if feed and not seed_reason:
        _wrong("say why these feeds are followed: --feed-reason")
    if seed and not seed_reason:
        _wrong("say why these seeds are followed: --seed-reason")
    if feed and Source.FEED_ENTRY.value not in source:
        _wrong("--feed needs --source feed-entry")
    try:
        scope = Scope(
            sources=tuple(Source(name) for name in source),
            terms=tuple(term or ()),
            hashtags=tuple(hashtag or ()),
            places=tuple(place or ()),
            languages=tuple(language or ()),
        )
    except (ValueError, ValidationError):
        _wrong(f"--source is one of {', '.join(_COLLECTED)}")
    ends_at = now + timedelta(days=days)
    seeds = tuple(
        orders.NewSeed(kept_under, address, seed_reason, ends_at.date())
        for kept_under, address in _seeds(feed or (), seed or (), scope)
    )
    new = orders.NewOrder(controller, basis, occasion, scope, now, ends_at, seeds)
    with _signed_in(user, password_file) as desk:
        order = orders.draft(desk.connection, new, desk.user_id, desk.master_key, now)
    _tell([order], as_json, f"Drafted; two others approve it with: seinpost order approve {order.number}")


@app.command()
def approve(number: Number, user: User, password_file: PasswordFile = None, as_json: AsJson = False) -> None:
    """Approve a draft. You did not draft it and hold the role order_approver; the second approval starts it."""
    with _signed_in(user, password_file) as desk:
        order = orders.approve(desk.connection, number, desk.user_id, composition.now())
    more = orders.APPROVALS_NEEDED - len(order.approved_by)
    _tell([order], as_json, "One more approval is needed." if more > 0 else "The order is in force.")


@app.command()
def stop(number: Number, user: User, password_file: PasswordFile = None, as_json: AsJson = False) -> None:
    """Stop an order for good; what collects under it halts within seconds."""
    with _signed_in(user, password_file) as desk:
        order = orders.stop(desk.connection, number, composition.now())
    _tell([order], as_json, "Stopped.")


@app.command()
def renew(
    number: Number, user: User, days: Days = 14, password_file: PasswordFile = None, as_json: AsJson = False
) -> None:
    """Draft the same order again; two others approve it anew."""
    with _signed_in(user, password_file) as desk:
        order = orders.renew(desk.connection, number, days, desk.user_id, desk.master_key, composition.now())
    _tell([order], as_json, f"Drafted; two others approve it with: seinpost order approve {order.number}")


@app.command(name="list")
def listed(as_json: AsJson = False) -> None:
    """All orders, newest first. Addresses of seeds stay sealed."""
    with composition.running_database(load()) as there:
        engine = there.engine_for("seinpost_collect", pool_size=1)
        try:
            with engine.begin() as connection:
                found = orders.listed(connection)
        finally:
            engine.dispose()
    _tell(found, as_json, "" if found else "There is no order yet; draft one with: seinpost order create")


def _seeds(feeds: Sequence[str], seeds: Sequence[str], scope: Scope) -> list[tuple[Source, str]]:
    """Each seed's source and address, checked by its kind. A wrong one is one line and status 2, never its address."""
    told = collecting.secrets(load(), kinds().values()) if seeds else {}
    try:
        return [(Source.FEED_ENTRY, address) for address in feeds] + [
            seed_of(one, scope.sources, told) for one in seeds
        ]
    except SeedWrong as wrong:
        _wrong(str(wrong))


@contextmanager
def _signed_in(username: str, password_file: Path | None) -> Iterator[Desk]:
    """One transaction as this user, after the password was checked. A refused step is one line and status 2."""
    password: str = (
        password_file.read_text(encoding="utf-8").strip()
        if password_file
        else typer.prompt("Password", hide_input=True, err=True)
    )
    settings = load()
    with composition.running_database(settings) as there:
        engine = there.engine_for("seinpost_web", pool_size=1)
        try:
            with engine.begin() as connection:
                user_id = verify_password(connection, username, password)
            if user_id is None:
                _wrong("this user name and password do not belong together")
            with engine.begin() as connection:
                acting_as(connection, user_id, "seinpost_supervisor")
                yield Desk(connection, user_id, composition.key_folder(settings).master_key())
        except (orders.OrderStepRefused, orders.NoSuchOrder, orders.SeedUnreadable) as refused:
            _wrong(str(refused))
        finally:
            engine.dispose()


def _wrong(line: str) -> NoReturn:
    typer.echo(line, err=True)
    raise typer.Exit(2)


def _tell(found: Sequence[Order], as_json: bool, line: str) -> None:
    if as_json:
        rows = [json.loads(order.model_dump_json()) for order in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for order in found:
        typer.echo(
            f"order {order.number}  {order.state}  {len(order.approved_by)} of {orders.APPROVALS_NEEDED} approvals"
            f"  {order.starts_at:%Y-%m-%d} to {order.ends_at:%Y-%m-%d}"
            f"  {', '.join(order.scope.sources)}  {order.occasion}"
        )
    if line:
        typer.echo(line, err=True)
