"""Need to know decided at the moment of reading: table, agreement and switch, asked by the database. SQL beside it."""

from importlib import resources

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0023_need_to_know.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
