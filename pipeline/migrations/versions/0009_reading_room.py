"""The reading room: a reader's own settings, saved views, who looks on, handing over; the SQL stands beside it."""

from importlib import resources

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0009_reading_room.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
