"""The whole house; the SQL stands beside it, written out, because policies and grants are what matters most."""

from importlib import resources

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0001_house.sql").read_text()
    # Straight to psycopg: many statements at once, and no percent sign is a parameter.
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
