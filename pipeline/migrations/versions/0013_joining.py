"""Posts that say the same in other words stand on one card; the SQL stands beside it."""

from importlib import resources

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0013_joining.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
