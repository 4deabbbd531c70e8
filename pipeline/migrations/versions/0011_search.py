"""Which words of the term list stand in a text, for search; the SQL stands beside it.

The words of texts that are there already are noted by `pipeline.store.setup`: they follow the list of today.
"""

from importlib import resources

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0011_search.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
