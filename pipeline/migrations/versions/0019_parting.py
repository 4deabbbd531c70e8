"""Parting in the order of the road, told by what stands there; what came again counts once. The SQL is beside it."""

from importlib import resources

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0019_parting.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
