"""Numbers of a period, for the sheets of a meeting and the monthly report; the SQL stands beside it."""

from importlib import resources

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0020_period_numbers.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
