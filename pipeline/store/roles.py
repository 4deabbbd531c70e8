"""The database roles of an installation. None may be a superuser or bypass row-level security.

Creating them needs an administrator's connection once (`pipeline.store.setup`); everything after runs as these.
"""

OWNER = "seinpost_owner"
"""Owns the tables and runs migrations; serves nobody."""

SERVING_ROLES = (
    "seinpost_road",
    "seinpost_collect",
    "seinpost_relay",
    "seinpost_dispatch",
    "seinpost_unseal",
    "seinpost_web",
    "seinpost_retention",
)
"""Roles that processes log in with, one per kind of process."""

RECIPIENT_ROLES = tuple(
    f"seinpost_recipient_{kind}" for kind in ("school", "police", "municipality", "field", "help", "escalation")
)

ACTING_ROLES = ("seinpost_expert", "seinpost_recipient", "seinpost_supervisor", *RECIPIENT_ROLES)
"""Roles without log-in that the web server takes on for one transaction, for the user who is signed in."""
