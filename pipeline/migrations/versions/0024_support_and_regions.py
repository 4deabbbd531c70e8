"""Support for a school that is stuck, and a signal that another region takes over; the SQL stands beside it."""

from importlib import resources

from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0024_support_and_regions.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
