"""`seinpost users`: add, list and disable the people of this installation, and say whose team they are in.

It never prints a password.
"""

import json
import secrets
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from pipeline.store import users as store
from pipeline.store.users import HeldRole, NewUser, ScopeKind, User, UserRole
from seinpost import composition
from seinpost.settings import load
from signals.region import Region

app = typer.Typer(help="Add, list and disable users.", no_args_is_help=True)


class PasswordFileEmpty(Exception):
    """The file given with --password-file holds no password."""


@app.command()
def add(
    username: Annotated[
        str, typer.Argument(help="Small letters, digits, dot and dash; what the user types to log in.")
    ],
    name: Annotated[str, typer.Option(help="How colleagues see the user.")],
    role: Annotated[list[UserRole], typer.Option(help="What the user may do; give it more than once for more.")],
    school: Annotated[
        list[str] | None, typer.Option(help="Id of a school the user is attached to: no reader of its signals.")
    ] = None,
    police: Annotated[bool, typer.Option("--police", help="The user reads for the police.")] = False,
    language: Annotated[list[str] | None, typer.Option(help="A language the user reads; nl when not given.")] = None,
    region: Annotated[
        Region | None, typer.Option(help="The region whose team the user is in; none when not given.")
    ] = None,
    password_file: Annotated[Path | None, typer.Option(help="A file with the password; asked for when absent.")] = None,
) -> None:
    """Add a user. The password is asked for, twice, unless it stands in a file."""
    password = _from_file(password_file) if password_file else _ask()
    held = tuple(HeldRole(one) for one in role)
    held += tuple(HeldRole(UserRole.RECIPIENT, ScopeKind.SCHOOL, school_id) for school_id in school or ())
    new = NewUser(
        username=username,
        display_name=name,
        pseudonym=f"lezer {secrets.token_hex(3)}",
        password=password,
        roles=held,
        police=police,
        languages=tuple(language or ("nl",)),
        region=region,
    )
    settings = load()
    with composition.running_database(settings), composition.as_owner(settings) as connection:
        store.create(connection, new)
    typer.echo(f"Added {username}.", err=True)


@app.command("list")
def list_users(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show everybody with their roles."""
    settings = load()
    with composition.running_database(settings), composition.as_owner(settings) as connection:
        everybody = store.listed(connection)
    if as_json:
        typer.echo(json.dumps([_as_json(user) for user in everybody], indent=2))
        return
    table = Table("user", "name", "roles", "police", "region", "state", box=None)
    for user in everybody:
        roles = ", ".join(_role_words(held) for held in user.roles)
        table.add_row(
            user.username,
            user.display_name,
            roles,
            "yes" if user.police else "",
            user.region.value if user.region else "",
            "disabled" if user.disabled else "active",
        )
    Console().print(table)


@app.command()
def disable(username: Annotated[str, typer.Argument(help="The user to shut out.")]) -> None:
    """Shut a user out at once; what the user did stays on the trail."""
    settings = load()
    with composition.running_database(settings), composition.as_owner(settings) as connection:
        store.disable(connection, username, composition.now())
    typer.echo(f"Disabled {username}.", err=True)


@app.command("region")
def set_region(
    username: Annotated[str, typer.Argument(help="Whose team it is.")],
    region: Annotated[Region | None, typer.Argument(help="The region; nothing: no team in particular.")] = None,
) -> None:
    """Say in which region's team a user is: who can take over what is handed to that region. It hides no signal."""
    settings = load()
    with composition.running_database(settings), composition.as_owner(settings) as connection:
        store.set_region(connection, username, region, composition.now())
    typer.echo(f"{username}: {region.value if region else 'no region'}.", err=True)


def _ask() -> str:
    password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def _from_file(file: Path) -> str:
    try:
        password = file.read_text().rstrip("\n")
    except OSError:
        raise PasswordFileEmpty(f"cannot read the password file {file}; check its name and who may read it") from None
    if not password:
        raise PasswordFileEmpty(f"the password file {file} is empty; put the password on its first line")
    return password


def _role_words(held: HeldRole) -> str:
    return held.role.value if held.scope_kind is ScopeKind.ALL else f"{held.role.value} of {held.scope_id}"


def _as_json(user: User) -> dict[str, object]:
    return {
        "username": user.username,
        "name": user.display_name,
        "police": user.police,
        "disabled": user.disabled,
        "region": user.region.value if user.region else None,
        "roles": [{"role": h.role.value, "scope_kind": h.scope_kind.value, "scope": h.scope_id} for h in user.roles],
    }
