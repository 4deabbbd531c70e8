"""Undo, casusoverleg, corrections, parking until a moment, closing and own keys; the SQL stands beside it."""

from importlib import resources

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0008_judging.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
