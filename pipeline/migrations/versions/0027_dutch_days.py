"""Who stands in today: a day of the Netherlands. The SQL stands beside it."""

from importlib import resources

from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0027_dutch_days.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
