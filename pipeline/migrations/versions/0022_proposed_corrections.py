"""Corrections that two people make; the SQL stands beside it."""

from importlib import resources

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0022_proposed_corrections.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
