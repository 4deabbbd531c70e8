"""Numbers by day, and the weeks that are told to who reads no signals; the SQL stands beside it."""

from importlib import resources

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0012_overview.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
