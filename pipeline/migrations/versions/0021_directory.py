"""Keeping the directory: when a contact was confirmed, its hours, who stands in while it is away; SQL beside it."""

from importlib import resources

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0021_directory.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
