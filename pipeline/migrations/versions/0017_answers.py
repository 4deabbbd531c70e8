"""Answering back: clocks, questions, seeing a change, outcomes; the SQL stands beside it."""

from importlib import resources

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0017_answers.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
