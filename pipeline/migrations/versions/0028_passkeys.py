"""Signing in with a passkey: public keys and short-lived challenges, for the role that signs in. SQL beside it."""

from importlib import resources

from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Run the script. There is no way back: restore a backup instead."""
    script = (resources.files("pipeline") / "migrations" / "sql" / "0028_passkeys.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
