"""A place notice that no second reader looked at in time, and answers that reach the experts live; SQL beside it."""

from importlib import resources

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0015_late_second_readings.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
