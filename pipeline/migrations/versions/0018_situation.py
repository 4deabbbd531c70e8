"""The situation thread of a forwarded signal; the SQL stands beside it."""

from importlib import resources

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0018_situation.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
