"""Which words of the term list stand in a text, noted when the text comes in, for search. No other word is ever stored.

The database removes them with the text. What a word means, and finding signals by it, is not this module's work.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Connection, text

from nlp.found_terms import found_terms
from nlp.normalise import fold
from nlp.terms import TermList, shipped, team_terms
from pipeline.store.settings import active
from signals.settings_version import TeamTerm

SCHEMA = "0011"
"""The schema since which they are noted; who comes from an older one has texts whose words are not noted yet."""
MOST = 50
"""Different words noted of one text."""
_AT_ONCE = 1000

_FORGET = text("DELETE FROM seinpost.listed_words WHERE post_id = ANY(CAST(:posts AS uuid[]))")
_NOTE = text("""
    INSERT INTO seinpost.listed_words (post_id, word)
    SELECT * FROM unnest(CAST(:posts AS uuid[]), CAST(:words AS text[])) ON CONFLICT DO NOTHING
""")
_TEXTS = text("""
    SELECT post_id, text FROM seinpost.sightings
     WHERE text IS NOT NULL AND post_id > CAST(:after AS uuid) ORDER BY post_id LIMIT :most
""")


def listed(connection: Connection) -> TermList:
    """The words that can be searched for: the shipped list, and the team's own words that are live now."""
    settings = active(connection)
    return _together(settings.team_terms if settings else ())


@lru_cache(maxsize=8)
def _together(team: tuple[TeamTerm, ...]) -> TermList:
    own = {fold(term.text): term for term in (*team_terms(team).terms, *shipped().terms)}
    return TermList(list(own.values()), "listed")


def words_in(words: str, known: TermList) -> list[str]:
    """The listed words of a text, however they are disguised there, each once and in a fixed order."""
    return sorted({hit.term.text for hit in found_terms(words, known)})[:MOST]


def note(connection: Connection, texts: Iterable[tuple[UUID, str | None]]) -> None:
    """Note the words of texts that were just written, by the key of their row; what stood there before is replaced."""
    rows = list(texts)
    if not rows:
        return
    connection.execute(_FORGET, {"posts": [key for key, _ in rows]})
    readable = [(key, words) for key, words in rows if words]
    if readable:
        known = listed(connection)
        _write(connection, [(key, word) for key, words in readable for word in words_in(words, known)])


def fill(connection: Connection) -> int:
    """Note the words of all texts that are there: coming from an older schema, and after a restore. Says how many."""
    known = listed(connection)
    after, done = UUID(int=0), 0
    while rows := connection.execute(_TEXTS, {"after": after, "most": _AT_ONCE}).all():
        _write(connection, [(row.post_id, word) for row in rows for word in words_in(row.text, known)])
        after, done = rows[-1].post_id, done + len(rows)
    return done


def _write(connection: Connection, rows: Sequence[tuple[UUID, str]]) -> None:
    if rows:
        connection.execute(_NOTE, {"posts": [key for key, _ in rows], "words": [word for _, word in rows]})
