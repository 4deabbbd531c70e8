"""Second readings of rejections, first eyes, the blind sample of unflagged posts; the SQL stands beside it."""

from importlib import resources

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0010_quality.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
