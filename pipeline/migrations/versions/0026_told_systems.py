"""Decisions for the systems of partners, under their agreement; a certificate for sealed e-mail. SQL beside it."""

from importlib import resources

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0026_told_systems.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
