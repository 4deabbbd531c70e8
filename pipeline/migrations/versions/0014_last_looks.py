"""When each reader last took a signal, for that reader alone; the SQL stands beside it."""

from importlib import resources

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0014_last_looks.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
