"""Endpoints of organisations, and how each channel is doing. No secret stands here: those lie in the key folder."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store.notices import ChannelName
from pipeline.topics import System

MOST_AGAIN = 1000
"""Notices that one act sends again; the rest waits for the next."""


class NoSuchOrganisation(Exception):
    """The directory has no organisation of that name."""


@dataclass(frozen=True)
class Endpoint:
    """Where one organisation wants to be told by one channel, and whether its agreement of today allows it."""

    id: UUID
    organisation: str
    channel: ChannelName
    url: str
    active: bool
    agreed: bool


@dataclass(frozen=True)
class ChannelNow:
    """How one channel is doing. `due_since` is the moment of the oldest notice that should have left; None: none."""

    channel: ChannelName
    endpoints: int
    waiting: int
    due_since: datetime | None
    failed: int
    last_sent: datetime | None
    problems: tuple[str, ...]

    @property
    def used(self) -> bool:
        """Whether there is anything to tell about it."""
        return bool(self.endpoints or self.waiting or self.failed or self.last_sent is not None)


def counts(connection: Connection, now: datetime) -> list[ChannelNow]:
    """Every channel, in a fixed order."""
    rows = connection.execute(text("SELECT * FROM seinpost.channel_counts(:now)"), {"now": now}).mappings()
    return [
        ChannelNow(**{**row, "channel": ChannelName(row["channel"]), "problems": tuple(row["problems"])})
        for row in rows
    ]


def again(connection: Connection, channel: ChannelName, now: datetime) -> int:
    """Have what failed for good on a channel told again, under the same ids; how many notices."""
    told: int = connection.execute(
        text("SELECT seinpost.channel_again(:channel, :most, :now)"),
        {"channel": channel, "most": MOST_AGAIN, "now": now},
    ).scalar_one()
    return told


def listed(connection: Connection) -> list[Endpoint]:
    """Every endpoint. Run as the owner."""
    rows = connection.execute(
        text(
            """SELECT e.id, o.name AS organisation, e.channel, e.url, e.active,
                      EXISTS (SELECT 1 FROM seinpost.agreements a WHERE a.organisation_id = o.id
                                 AND e.channel = ANY (a.channels) AND seinpost.agreement_valid(a.id)) AS agreed
                 FROM seinpost.endpoints e JOIN seinpost.organisations o ON o.id = e.organisation_id
                ORDER BY o.name, e.channel"""
        )
    ).mappings()
    return [Endpoint(**{**row, "channel": ChannelName(row["channel"])}) for row in rows]


def systems(connection: Connection) -> list[System]:
    """Every system that was ever to be told by its own topic, and whether it may read that now. Run as the owner.

    It may while its agreement names it; and after that as long as something it was told counts, for a withdrawal.
    """
    rows = connection.execute(
        text(
            """SELECT e.url AS login,
                      (e.active AND EXISTS (
                           SELECT 1 FROM seinpost.agreements a WHERE a.organisation_id = e.organisation_id
                              AND e.channel = ANY (a.channels) AND seinpost.agreement_valid(a.id)))
                      OR EXISTS (
                           SELECT 1 FROM seinpost.contacts c JOIN seinpost.referrals r ON r.contact_id = c.id
                             JOIN seinpost.notices n ON n.referral_id = r.id AND n.channel = e.channel
                            WHERE c.organisation_id = e.organisation_id AND n.kind = 'new' AND n.state = 'sent'
                              AND r.expires_at > now()) AS reads
                 FROM seinpost.endpoints e WHERE e.channel = 'decisions' ORDER BY e.url"""
        )
    )
    return [System(row.login, row.reads) for row in rows]


def keep(
    connection: Connection,
    organisation: str,
    channel: ChannelName,
    url: str,
    sharing_group: UUID | None,
    active: bool,
    now: datetime,
) -> UUID:
    """Insert or change the endpoint of an organisation for a channel; its id. Run as the owner."""
    found: UUID | None = connection.execute(
        text(
            """INSERT INTO seinpost.endpoints AS e (organisation_id, channel, url, sharing_group, active, added_at)
               SELECT o.id, :channel, :url, :sharing_group, :active, :now
                 FROM seinpost.organisations o WHERE o.name = :organisation
               ON CONFLICT (organisation_id, channel) DO UPDATE
                  SET url = excluded.url, sharing_group = excluded.sharing_group, active = excluded.active
               RETURNING e.id"""
        ),
        {
            "organisation": organisation,
            "channel": channel,
            "url": url,
            "sharing_group": sharing_group,
            "active": active,
            "now": now,
        },
    ).scalar_one_or_none()
    if found is None:
        raise NoSuchOrganisation(f"the directory has no organisation {organisation}; import it first")
    return found


def stop(connection: Connection, organisation: str, channel: ChannelName) -> bool:
    """Tell an organisation nothing new by this channel; whether it had it. Withdrawals still reach it."""
    return (
        connection.execute(
            text(
                """UPDATE seinpost.endpoints e SET active = false FROM seinpost.organisations o
                    WHERE o.id = e.organisation_id AND o.name = :organisation AND e.channel = :channel"""
            ),
            {"organisation": organisation, "channel": channel},
        ).rowcount
        == 1
    )
