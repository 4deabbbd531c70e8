"""How far a name reaches: the kind word beside it belongs to it, the small article before a capital does not.

'Esdal' before 'College' is one name with it, 'Leiden' before 'station' is a station. Decides no meaning.
"""

from collections.abc import Mapping
from dataclasses import replace

from nlp.places import context
from nlp.places.entry import Alias
from nlp.places.matching import Match
from nlp.places.words import Words
from signals.place import PlaceKind


def station(words: Words, match: Match, kinds: frozenset[PlaceKind], names: Mapping[str, tuple[Alias, ...]]) -> Match:
    """The match as the station of that town or area, when a station word stands beside it and such a station exists."""
    if not kinds & {PlaceKind.CITY, PlaceKind.AREA}:
        return match
    before, after = words.before(match.first), words.after(match.last)
    aliases = names.get(f"station {words.folded[match.start : match.end]}", ())
    if not aliases or not ({before, after} & context.STATION_WORDS):
        return match
    if before in context.STATION_WORDS:
        return replace(match, start=words.starts[match.first - 1], first=match.first - 1, aliases=aliases)
    return replace(match, end=words.ends[match.last + 1], last=match.last + 1, aliases=aliases)


def school(words: Words, match: Match) -> Match:
    """The match of a school with the kind word beside it: 'Esdal' College, CSG 'Liudger'."""
    first, last = match.first, match.last
    inside = frozenset(words.words[first : last + 1])
    if words.after(last) in context.SCHOOL_TAIL and inside.isdisjoint(context.SCHOOL_TAIL) and _tight(words, last + 1):
        last += 1
    if words.before(first) in context.SCHOOL_HEAD and inside.isdisjoint(context.SCHOOL_HEAD) and _tight(words, first):
        first -= 1
    return replace(match, start=words.starts[first], end=words.ends[last], first=first, last=last)


def with_side(words: Words, match: Match) -> Match:
    """The match of a town with the point of the compass behind it: 'Tilburg noord' is a part of Tilburg."""
    at = match.last + 1
    if words.after(match.last) in context.SIDES and _tight(words, at) and words.after(at) not in context.LARGER_LAND:
        return replace(match, end=words.ends[at], last=at)
    return match


def without_article(words: Words, match: Match) -> Match:
    """The match without a small 'de' or 'het' before a capital: the article is the sentence's, not the name's."""
    if match.first == match.last or words.words[match.first] not in context.ARTICLES:
        return match
    start, following = words.starts[match.first], words.starts[match.first + 1]
    if words.text[start].islower() and words.text[following].isupper():
        return replace(match, start=following, first=match.first + 1)
    return match


def _tight(words: Words, index: int) -> bool:
    return words.gap(index) in {" ", "-", ""}
