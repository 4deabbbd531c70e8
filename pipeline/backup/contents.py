"""What must be able to be forgotten from a backup that was made already: texts, links, names, readers' own words.

Each such content is one item with a key of its own (`pipeline.backup.erasure`). Here stands where items live, as SQL:
how they are left out of the plain tables, read, put back, and known to live still. It encrypts nothing.
"""

from dataclasses import dataclass
from enum import Enum

_EMPTIED = 'analysis || \'{"facts": {}, "places": [], "reasons": []}\''


class Kind(Enum):
    """A kind of content; the value stands in front of an item's id in the book of keys."""

    TEXT = b"t"
    LINK = b"l"
    NAMES = b"n"
    LINK_HASH = b"h"
    READING = b"a"
    MESSAGE = b"m"
    REFERRAL = b"r"


@dataclass(frozen=True)
class Content:
    """One kind: `read` gives (id, values as JSON) of all that live, `put` takes :id and :values.

    `living` gives the ids of all that live, `known` those of the given ids whose row is there at all, emptied or not.
    A version of a post is an item (its event id), not the post: an edit makes the text before it forgotten.
    """

    kind: Kind
    read: str
    put: str
    living: str
    known: str
    table: str = "sightings"
    """The table it lives in; a schema that is too old to have it has no such content."""


_KNOWN_VERSION = "SELECT event_id FROM seinpost.sightings WHERE event_id = ANY(%(ids)s)"
_SEALED = """
    SELECT s.event_id, jsonb_build_object('box', encode(s.{column}, 'base64'), 'day', k.key_day,
                                          'key', encode(k.wrapped_key, 'base64'))
      FROM seinpost.sightings s JOIN seinpost.link_keys k ON k.post_id = s.post_id AND k.purpose = '{purpose}'
     WHERE s.{column} IS NOT NULL"""
_UNSEALED = """
    WITH back AS (UPDATE seinpost.sightings SET {column} = decode(%(values)s::jsonb ->> 'box', 'base64')
                   WHERE event_id = %(id)s RETURNING post_id)
    INSERT INTO seinpost.link_keys (post_id, purpose, key_day, wrapped_key)
    SELECT post_id, '{purpose}', (%(values)s::jsonb ->> 'day')::date, decode(%(values)s::jsonb ->> 'key', 'base64')
      FROM back"""
_SEALED_LIVING = """
    SELECT s.event_id FROM seinpost.sightings s
      JOIN seinpost.link_keys k ON k.post_id = s.post_id AND k.purpose = '{purpose}' WHERE s.{column} IS NOT NULL"""


def _sealed(kind: Kind, column: str, purpose: str) -> Content:
    words = {"column": column, "purpose": purpose}
    return Content(
        kind, _SEALED.format(**words), _UNSEALED.format(**words), _SEALED_LIVING.format(**words), _KNOWN_VERSION
    )


CONTENTS: tuple[Content, ...] = (
    Content(
        Kind.TEXT,
        "SELECT event_id, jsonb_build_object('text', text, 'analysis', analysis) FROM seinpost.sightings"
        " WHERE text IS NOT NULL",
        "UPDATE seinpost.sightings SET text = %(values)s::jsonb ->> 'text', analysis = %(values)s::jsonb -> 'analysis'"
        " WHERE event_id = %(id)s",
        "SELECT event_id FROM seinpost.sightings WHERE text IS NOT NULL",
        _KNOWN_VERSION,
    ),
    _sealed(Kind.LINK, "link_box", "link"),
    _sealed(Kind.NAMES, "names_box", "names"),
    Content(
        Kind.LINK_HASH,
        "SELECT event_id, to_jsonb(link_hash) FROM seinpost.sightings WHERE link_hash IS NOT NULL",
        "UPDATE seinpost.sightings SET link_hash = %(values)s::jsonb #>> '{}' WHERE event_id = %(id)s",
        "SELECT event_id FROM seinpost.sightings WHERE link_hash IS NOT NULL",
        _KNOWN_VERSION,
    ),
    Content(  # the words of all readers of a signal go together, so they are one item
        Kind.READING,
        "SELECT signal_id, jsonb_object_agg(id, duiding) FROM seinpost.assessments WHERE duiding <> ''"
        " GROUP BY signal_id",
        "UPDATE seinpost.assessments SET duiding = coalesce(%(values)s::jsonb ->> id::text,"
        " %(values)s::jsonb ->> reading::text, '')"
        " WHERE signal_id = %(id)s",
        "SELECT DISTINCT signal_id FROM seinpost.assessments WHERE duiding <> ''",
        "SELECT signal_id FROM seinpost.assessments WHERE signal_id = ANY(%(ids)s)",
    ),
    Content(
        Kind.MESSAGE,
        "SELECT id, to_jsonb(body) FROM seinpost.thread_messages WHERE body <> ''",
        "UPDATE seinpost.thread_messages SET body = %(values)s::jsonb #>> '{}' WHERE id = %(id)s",
        "SELECT id FROM seinpost.thread_messages WHERE body <> ''",
        "SELECT id FROM seinpost.thread_messages WHERE id = ANY(%(ids)s)",
        "thread_messages",
    ),
    Content(
        Kind.REFERRAL,
        "SELECT id, jsonb_build_object('excerpt', excerpt, 'duiding', duiding) FROM seinpost.referrals"
        " WHERE excerpt IS NOT NULL OR duiding IS NOT NULL",
        "UPDATE seinpost.referrals SET excerpt = %(values)s::jsonb ->> 'excerpt',"
        " duiding = %(values)s::jsonb ->> 'duiding' WHERE id = %(id)s",
        "SELECT id FROM seinpost.referrals WHERE excerpt IS NOT NULL OR duiding IS NOT NULL",
        "SELECT id FROM seinpost.referrals WHERE id = ANY(%(ids)s)",
    ),
)

LEFT_EMPTY: dict[str, dict[str, str]] = {
    "sightings": {
        "text": "NULL",
        "analysis": _EMPTIED,
        "link_box": "NULL",
        "names_box": "NULL",
        "link_hash": "NULL",
    },
    "assessments": {"duiding": "''"},
    "thread_messages": {"body": "''"},
    "referrals": {"excerpt": "NULL", "duiding": "NULL"},
    "referral_questions": {"body": "''", "answer": "''"},  # short-lived words about it; a restore does without
}
"""What stands in the plain tables of a backup in place of an item."""

LEFT_OUT = frozenset(
    {
        "link_keys",
        "raw_window",
        "unflagged_sample",
        "web_sessions",
        "sign_in_failures",
        "passkeys",
        "passkey_challenges",
        "claims",
        "onlookers",
        "handovers",
        "last_looks",
        "situation_lines",
        "proposed_corrections",
        "listed_words",
        "sighting_bands",
    }
)
"""Tables without rows: keys travel as items; listed words are found in the texts again, and bands come with new texts;
the window and the blind sample live for days; sessions, failures, challenges and leases just end; a passkey
is made anew, so that one that was removed does not come back; a note at the end of a shift
lives for a week, what a reader saw last for two, what recipients tell each other for four; and a change that waited for
a second person is proposed again."""
