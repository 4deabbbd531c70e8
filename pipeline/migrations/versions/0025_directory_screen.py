"""The directory on a screen, and test messages that show whether what is sent to a contact arrives; SQL beside it."""

from importlib import resources

from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0025_directory_screen.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
