"""What the trail says of the last restore, for `seinpost doctor`. It changes nothing."""

import json

import psycopg

_LAST = """
    SELECT payload FROM seinpost.trail WHERE payload::jsonb ->> 3 = 'restored' ORDER BY seq DESC LIMIT 1
"""


def last_restore(owner: psycopg.Connection) -> str | None:
    """One line about the backup that this database came from; None when it never was restored."""
    row = owner.execute(_LAST).fetchone()
    if row is None:
        return None
    _, at, _, _, _, backup, detail = json.loads(row[0])
    return (
        f"restored at {at[:16]} from the backup of {detail['made_at'][:16]} ({backup}): {detail['signals']} signals,"
        f" {detail['contents']} contents, {detail['forgotten']} forgotten since"
    )
