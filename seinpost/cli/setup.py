"""`seinpost setup`: prepare a PostgreSQL server, once and after an update. The embedded one does this by itself."""

from typing import Annotated

import typer
from sqlalchemy import make_url

from pipeline.store.setup import prepare
from seinpost import composition
from seinpost.settings import load

app = typer.Typer(help="Prepare a PostgreSQL server: roles, database, migrations.")


@app.command()
def setup(
    admin: Annotated[
        str | None,
        typer.Option(envvar="SEINPOST_ADMIN_URL", help="Administrator: postgresql://user:password@host/postgres"),
    ] = None,
) -> None:
    """Create roles and database where they are missing and run the migrations. Safe to repeat."""
    settings = load()
    keys = composition.key_folder(settings)
    if settings.database_url is None:
        with composition.running_database(settings):
            pass
    elif admin is None:
        typer.echo("seinpost setup needs an administrator's address: give --admin or SEINPOST_ADMIN_URL", err=True)
        raise typer.Exit(2)
    else:
        target = make_url(settings.database_url).database or "seinpost"
        prepare(
            composition.over_tls(make_url(admin).set(drivername="postgresql+psycopg"), settings),
            target,
            keys.database_password,
        )
    typer.echo("The database is ready.", err=True)
