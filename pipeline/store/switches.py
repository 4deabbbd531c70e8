"""Switches of the installation's settings that the database must know, because it decides by them what is shown.

The settings file is where they are set; this only says so. A change stands on the trail. Unknown is off.
"""

from datetime import datetime

from sqlalchemy import Connection, text

POLICE_EXCERPT = "police_excerpt"
"""Whether the police may read an excerpt and ask for a source link."""


def set_switch(connection: Connection, name: str, on: bool, now: datetime) -> bool:
    """Say how the settings have a switch, as the serving process; whether that was a change."""
    changed: bool = connection.execute(
        text("SELECT seinpost.set_switch(:name, :on, :now)"), {"name": name, "on": on, "now": now}
    ).scalar_one()
    return changed
