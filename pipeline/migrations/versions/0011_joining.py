"""Nothing yet; the SQL stands beside it."""

from importlib import resources

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0011_joining.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
