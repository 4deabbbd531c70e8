"""Whether a name stands for a place where it is written: what speaks for it, what against it, and how much it needs.

The weights are small whole numbers, chosen by reading labelled posts; every answer comes with its reason.
Which of several places is meant is not decided here.
"""

import re
from collections.abc import Iterator, Sequence

from nlp.places import context, spelling
from nlp.places.aliases import PRIMARY_WORDS
from nlp.places.entry import Alias, Entry
from nlp.places.matching import HEAD_OF_HASHTAG, Match
from nlp.places.scene import Scene
from nlp.places.words import Words
from signals.masking.word_lists import word_list
from signals.place import PlaceKind

ORDINARY_NEEDS = 3
"""What an ordinary word must have for it: a place word before it and a capital, a school word and 'naar', …"""

LONG_ENOUGH = 8
"""A misspelt name of fewer letters needs more for it: it may well be another word."""

AREA_CODE = 3
"""Digits of an area code that stands for a town."""
SKELETON_ENOUGH = 5
"""Consonants of a name without its vowels that make it likely."""

Sign = tuple[int, str]
"""A weight, and what was seen."""


def refusal(scene: Scene, match: Match, entries: Sequence[Entry], towns: frozenset[str]) -> str:
    """Why the name is no place here; empty when it is one. `towns`: municipalities that the text names for sure."""
    words = scene.words
    if all(alias.kind == "primary" for alias in match.aliases):
        near = {words.before(match.first), words.before(match.first, 2)}
        return "" if near & PRIMARY_WORDS else "a primary school's name without a word that says so"
    surface = "".join(words.words[match.first : match.last + 1])
    if surface.isdigit():
        return _number(scene, match)
    if surface in context.COMPASS:
        return _compass(scene, match)
    kinds = frozenset(entry.kind for entry in entries)
    against = list(_against(scene, match, kinds))
    needed = _needed(scene, match)
    if needed <= 0 and not against:
        return ""
    signs = list(_for(scene, match, kinds, entries, towns))
    weight = sum(weight for weight, _ in signs) - sum(weight for weight, _ in against)
    if weight >= needed:
        return ""
    if against:
        return max(against)[1]
    what = "an ordinary word" if all(alias.ordinary for alias in match.aliases) else "an odd spelling"
    what = f"{match.how}, " + what if match.how else what
    return f"{what} with only {signs[0][1]} for it" if signs else f"{what} without anything for it"


def _needed(scene: Scene, match: Match) -> int:
    needed = 0
    if all(alias.ordinary for alias in match.aliases):
        if _says_school(scene.words, match):
            return 1
        needed = ORDINARY_NEEDS + _more_for_common(scene.words, match)
    return needed + (_more_for(match) if match.how else 0)


def _says_school(words: Words, match: Match) -> bool:
    """Whether the name holds a school's kind and a word of its own ('globe college'; not 'international school')."""
    inside = frozenset(words.words[match.first : match.last + 1])
    own = inside - context.SCHOOL_TAIL - context.ARTICLES - context.NO_OWN_NAME
    return bool(own) and not inside.isdisjoint(context.SCHOOL_TAIL)


def _more_for(match: Match) -> int:
    """What a name that is not written as usual needs besides: most where it may be another word."""
    length = match.end - match.start
    if match.how in {spelling.DIGITS, spelling.STARRED}:
        return 0
    if match.how == spelling.NO_VOWELS:
        return 1 if length >= SKELETON_ENOUGH else 2
    if match.how == spelling.ONE_OFF:
        return 0 if match.first != match.last else 1 if length >= LONG_ENOUGH else 2
    if match.how == HEAD_OF_HASHTAG:
        return 3 if all(alias.ordinary for alias in match.aliases) else 0
    return 1


def _for(
    scene: Scene, match: Match, kinds: frozenset[PlaceKind], entries: Sequence[Entry], towns: frozenset[str]
) -> Iterator[Sign]:
    words = scene.words
    previous, following = words.before(match.first), words.after(match.last)
    if any(previous in context.KIND_BEFORE[kind] for kind in kinds):
        yield 3, f"'{previous}' before it"
    elif any(following in context.KIND_AFTER[kind] for kind in kinds):
        yield 3, f"'{following}' after it"
    article = previous in context.ARTICLES
    lead = words.before(match.first, 2) if article else previous
    if lead in context.TOWARDS:
        bare = words.words[match.first] not in context.ARTICLES
        alone = (
            bare
            and not _is_common(words, match)
            and PlaceKind.CITY in kinds
            and previous in context.INTO
            and _ends_there(words, match)
        )
        yield (1 if article else 3 if alone else 2), f"'{lead}' before it"
    elif lead in context.BESIDE and not (lead in context.WEAK_BEFORE_SCHOOL and kinds == {PlaceKind.SCHOOL}):
        yield (2 if lead == "op" and kinds == {PlaceKind.SCHOOL} else 1), f"'{lead}' before it"
    if words.is_title(match.first) and not words.begins_sentence(match.first) and not scene.shouted:
        yield _weight_of_capital(scene, match, kinds), "its capital"
    if PlaceKind.SCHOOL in kinds and previous in {"het", "t"} and words.is_title(match.first):
        yield 2, f"'{previous}' before a capital"
    if words.in_hashtag(match.first):
        yield 1, "its hashtag"
    if PlaceKind.SCHOOL in kinds and scene.holds_beside(match, context.SCHOOL_WORDS):
        yield 2, "a school word in the text"
    if kinds & {PlaceKind.AREA, PlaceKind.STREET} and scene.holds_beside(match, context.AREA_WORDS):
        yield 1, "a neighbourhood word in the text"
    if any(entry.municipality in towns for entry in entries):
        yield 1, "its town in the text"
    if scene.region and any(entry.municipality == scene.region for entry in entries):
        yield 1, "the source's region"


def _weight_of_capital(scene: Scene, match: Match, kinds: frozenset[PlaceKind]) -> int:
    """A capital within a Dutch sentence makes a town of a word, unless families are called so, too."""
    words = scene.words
    if not scene.dutch:
        return 1
    if kinds == {PlaceKind.SCHOOL}:
        return 2 if match.first != match.last and words.is_title(match.last) else 1
    last = words.words[match.last]
    linked = words.before(match.first) in {"van", "de", "der", "den", "ten", "ter"}
    surname = last in word_list("surnames.txt") or (linked and last in word_list("surnames_with_prefix.txt"))
    return 3 if PlaceKind.CITY in kinds and not surname and not _is_common(scene.words, match) else 2


def _more_for_common(words: Words, match: Match) -> int:
    """One of the most common words in small letters needs more, 'het plein' more than anything gives it."""
    if not _is_common(words, match) or words.is_title(match.last):
        return 0
    return 1 if match.first == match.last else 4


def _is_common(words: Words, match: Match) -> bool:
    """Whether the name is one of the most common words, or an article and a common noun ('het plein')."""
    last = words.words[match.last]
    article = match.first + 1 == match.last and words.words[match.first] in context.ARTICLES
    return (article or match.first == match.last) and (
        last in word_list("common_words.txt") or last in context.COMMON_NOUNS
    )


def _ends_there(words: Words, match: Match) -> bool:
    """Whether the name ends its phrase: 'in Best vanavond', not 'in houten huisjes'."""
    following = words.after(match.last)
    return not following or following in context.AFTER_A_PHRASE


def _against(scene: Scene, match: Match, kinds: frozenset[PlaceKind]) -> Iterator[Sign]:
    words = scene.words
    previous, following = words.before(match.first), words.after(match.last)
    if previous in context.TITLES:
        yield 4, f"a person's name, after '{previous}'"
    elif _is_surname(scene, match, previous):
        yield 4, "a person's name"
    if kinds <= {PlaceKind.CITY, PlaceKind.AREA} and previous in context.CLUBS:
        yield 5, f"a club, after '{previous}'"
    elif PlaceKind.CITY in kinds and scene.football and _plays(scene, match, previous, following):
        yield 5, "a club in a text on football"
    elif words.is_title(match.first) and _is_given_name(words, match):
        yield 3, "a given name"
    if scene.holds_beside(match, context.CHEESE) and words.words[match.first] in context.CHEESE_TOWNS:
        yield 5, "a cheese"
    if following in context.THINGS:
        yield 4, f"a firm or product, before '{following}'"
    ordinary = all(alias.ordinary for alias in match.aliases)
    if ordinary and previous in context.NOT_A_NAME_AFTER:
        yield 3, f"a common word, after '{previous}'"
    elif ordinary and previous in context.ARTICLES and kinds <= {PlaceKind.CITY, PlaceKind.STATION}:
        yield 2, f"a common word, after '{previous}'"


def _is_surname(scene: Scene, match: Match, previous: str) -> bool:
    """'Hans van Mierlo', 'Van Nispen', 'Johan Vermeer': a name behind a given name or behind a capital Van."""
    words = scene.words
    if scene.shouted or not match.first or not previous or words.in_hashtag(match.first):
        return False
    at = match.first - 1
    ordinary = all(alias.ordinary for alias in match.aliases) or (
        previous == "van" and words.before(match.first, 2) in word_list("first_names.txt")
    )
    if previous in {"van", "in", "op"} and at and words.is_title(at) and not words.breaks(at):
        return True
    behind = words.before(at)
    if (
        previous == "van"
        and words.words[match.first] in word_list("surnames_with_prefix.txt")
        and (words.is_title(at) or (behind and words.is_title(at - 1) and not _place_like(behind)))
    ):
        return words.after(match.last) not in {"naar", "tot"}
    if ordinary and previous in {"van", "de", "der", "den", "ter", "ten"} and words.is_title(match.first):
        while at and words.words[at] in {"van", "de", "der", "den", "ter", "ten", "von"} and not words.is_title(at):
            at -= 1
        return (
            at < match.first - 1
            and words.is_title(at)
            and words.words[at + 1] == "van"
            and not words.breaks(at + 1)
            and not _place_like(words.words[at])
        )
    return (
        match.first == match.last
        and words.is_title(at)
        and words.is_title(match.first)
        and not words.breaks(at)
        and (ordinary or all(alias.kind == "short" for alias in match.aliases))
        and not _place_like(previous)
    )


def _is_given_name(words: Words, match: Match) -> bool:
    """Whether an ordinary word is a given name, too ('Adam', 'Andreas')."""
    ordinary = match.first == match.last and all(alias.ordinary for alias in match.aliases)
    return ordinary and words.words[match.first] in word_list("first_names.txt")


def _place_like(word: str) -> bool:
    """Whether a word before a name is no given name."""
    known = context.TOWARDS | context.BESIDE | context.ARTICLES | context.SCHOOL_WORDS | context.AREA_WORDS
    return word in known or any(word in kind for kind in context.KIND_BEFORE.values()) or len(word) < 3


def _plays(scene: Scene, match: Match, previous: str, following: str) -> bool:
    words = scene.words
    after = words.folded[match.end : match.end + 3].strip()
    return (
        following in context.PLAYS - {"uit", "thuis"}
        or previous in {"tegen", "vs", "versus", "fc"}
        or (after[:1] == "-" and len(after) == 1)
        or words.folded[max(0, match.start - 3) : match.start].endswith(" - ")
    )


def _number(scene: Scene, match: Match) -> str:
    """An area code stands alone: not in a longer number, a price, a score or a telephone number."""
    folded = scene.words.folded
    after = folded[match.end : match.end + 4]
    before = folded[max(0, match.start - 2) : match.start]
    beside_codes = _beside_codes(scene, match)
    if not beside_codes and (re.match(r"\d|[\s-]+\d\d|[.,:]\d|%", after) or re.search(r"\d[\s.,:-]?$|[€$+]$", before)):
        return "part of a longer number"
    if (
        scene.words.before(match.first) in context.COUNTED_BEFORE
        or scene.words.after(match.last) in context.COUNTED_AFTER
    ):
        return "a number of something"
    if scene.holds_beside(match, context.TELEPHONE):
        return "a telephone number"
    return "football" if scene.football else ""


def _beside_codes(scene: Scene, match: Match) -> bool:
    """Whether the numbers on both sides, if there are any, are area codes, too ('010 078')."""
    words = scene.words.words
    beside = [words[at] for at in (match.first - 1, match.last + 1) if 0 <= at < len(words)]
    return all(len(word) == AREA_CODE and word[0] == "0" for word in beside if word.isdigit())


def _compass(scene: Scene, match: Match) -> str:
    words, folded = scene.words, scene.words.folded
    surface, previous, following = words.words[match.first], words.before(match.first), words.after(match.last)
    if following in context.LARGER_LAND or scene.weather:
        return "a point of the compass"
    if "-" in (folded[match.end : match.end + 1], folded[max(0, match.start - 1) : match.start]):
        return "part of a compound"
    if previous in context.ARTICLES | context.NOT_A_NAME_AFTER:
        return "a point of the compass"
    if _two_sides(scene) and {previous, following} & context.ACROSS:
        return "a point of the compass"
    if surface == "centrum" and previous != "in":
        return "an ordinary word"
    if previous in (context.TOWARDS - {"tot", "te", "from"}) | {"van", "fi", "heel", "repping", "rep", "from"}:
        if previous == "from" and not words.is_title(match.first):
            return "a point of the compass"
        return ""
    if surface == "zuidoost":
        return ""
    if match.first and words.is_title(match.first) and words.is_title(match.first - 1) and previous:
        return "part of another name"
    if words.is_title(match.first) and not words.begins_sentence(match.first) and not scene.shouted and scene.dutch:
        return ""
    if following in context.AGAINST and _two_sides(scene):
        return ""
    if previous in {"tegen", "vs", "versus"}:
        return ""
    if words.is_title(match.first) and following in context.SPEAKS_OF_IT and scene.dutch:
        return ""
    return "" if scene.holds_beside(match, context.CREW_WORDS) else "a point of the compass"


def _two_sides(scene: Scene) -> bool:
    return len(context.COMPASS & scene.words.known) > 1


def entries_of(aliases: Sequence[Alias]) -> tuple[Alias, ...]:
    """The names to go by: a primary school's only when no other place has the name."""
    return tuple(alias for alias in aliases if alias.kind != "primary") or tuple(aliases)
