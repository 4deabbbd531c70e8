"""More ways to tell a recipient: endpoints, what agreements allow, how each is doing; the SQL stands beside it."""

from importlib import resources

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0016_channels.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
