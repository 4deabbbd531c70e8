"""Which words of the term list stand in a text, for search; texts that are there are looked through, too."""

from importlib import resources

from alembic import op

from pipeline.store import listed_words

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Run the script, then note the words of the texts that are there. There is no way back: restore a backup."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0011_search.sql").read_text()
    connection = op.get_bind()
    connection.connection.driver_connection.execute(script)  # type: ignore[union-attr]
    listed_words.fill(connection)
