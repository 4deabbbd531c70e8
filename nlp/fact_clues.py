"""What words and grammar alone say about the five facts: stretches of a folded text, each sure or not.

Knows no model; `nlp.facts` weighs these clues against the encoder's.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.places.linker import Found
from nlp.times import TimeMention
from signals.analysis import Fact, Span
from signals.label import Category

_TABLE = tomllib.loads((Path(__file__).parent / "data" / "fact_words.toml").read_text(encoding="utf-8"))


def _words(fact: str, *names: str) -> str:
    words = {word for name in names for word in _TABLE[fact][name].split()}
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _any(fact: str, name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in _TABLE[fact][name]))


_DETERMINER = (
    r"(?:(?:een|n|'n|de|die|dat|t|'t|het|je|jouw|mn|m'n|mijn|me|zn|zijn|ze|ur|your|my|a|an|the|his|her|haar|hun|\d+"
    r"|twee|drie|vier|paar|met|with|echte?|groo?te?|kleine?|nieuwe?) ){0,3}"
)
_WEAPONS = re.compile(rf"\b{_DETERMINER}(?:{_words('means', 'weapons')})\b")


def _things(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b{_DETERMINER}(?:{_words('means', name)})\b")


_GOODS = {
    Category.DRUGS: _things("drugs"),
    Category.SEXUAL: _things("images"),
    Category.RECRUITMENT: _things("jobs"),
    Category.EXTORTION: _things("loot"),
}
_THINGS = _things("things")
_MONEY, _SUMS, _CROWD = _any("means", "money"), _any("means", "sums"), _any("means", "crowd")
_OBJECTS = re.compile("[🔪🗡🔫💣🧨🪓🔨💊🍬🍪🌿🍁❄🔌🧊]+")
_CLAUSE_START = r"(?:\A|[.!?,;:\n]\s*|\b(?:en|dus|dan|of|anders|and|or|then) )"
_ORDERS = re.compile(rf"{_CLAUSE_START}((?:{_words('call', 'verbs')})\b[^.!?,;\n]{{0,40}})(?=[.!?,;\n]|\Z)")
_CALLS = _any("call", "patterns")
_TARGETS, _RELATIVES = _any("target", "strong"), _any("target", "relatives")
_PRONOUNS = [re.compile(pattern) for pattern in _TABLE["target"]["pronouns"]]
_PREPOSITIONS = "|".join(_TABLE["place"]["prepositions"].split())
_ARTICLE = r"(?:(?:de|het|'t|t|een|n|the|a|onze|ons|jullie|mijn|mn|je|jouw|zijn|zn|hun|die|dat|our|my|his|her) )?"
_SPOTS = re.compile(
    rf"\b(?:{_PREPOSITIONS}) {_ARTICLE}(?:\w+ )?(?:{_words('place', 'nouns')})\b(?: (?:van|op|bij|of) {_ARTICLE}\w+)?"
)
_BARE = _any("place", "bare")
_BEFORE_PLACE = re.compile(rf"\b(?:{_PREPOSITIONS})(?: (?:de|het|t|'t|een|the|onze|ons|jullie|station|metro))?\s\Z")
_ORIGIN = re.compile(r"\b(?:van|uit|from)(?: (?:de|het|t))?\s\Z")
_PRESSURE = frozenset({Category.EXTORTION, Category.SEXUAL, Category.RECRUITMENT})
_PERSONAL = frozenset({Category.THREAT, Category.EXTORTION, Category.SEXUAL, Category.CONFRONTATION})
_LONGEST_LEAD = 30
LONGEST = 2000
"""Characters in which clues are looked for; longer posts are rare, and patterns on them would take their time."""


@dataclass(frozen=True, slots=True)
class Clue:
    """A stretch that speaks for a fact; one that is not sure needs the encoder's half-hearted agreement."""

    start: int
    end: int
    sure: bool


def clues(
    folded: str, category: Category, places: Sequence[Found], times: Sequence[TimeMention]
) -> dict[Fact, list[Clue]]:
    """All clues of a text, per fact, in order and without overlaps."""
    folded = folded[:LONGEST]
    found = {
        Fact.TARGET: _target(folded, category),
        Fact.PLACE: _place(folded, places),
        Fact.TIME: [Clue(time.start, time.end, sure=True) for time in times if time.window and not time.past],
        Fact.MEANS: _means(folded, category),
        Fact.CALL: _call(folded),
    }
    return {fact: _apart(given) for fact, given in found.items()}


def _target(folded: str, category: Category) -> list[Clue]:
    made = list(_matches(_TARGETS, folded, sure=True))
    made += _matches(_RELATIVES, folded, sure=False)
    if any(clue.sure for clue in made) or category not in _PERSONAL:
        return made
    for pronoun in _PRONOUNS:
        if match := pronoun.search(folded):
            return [*made, Clue(*match.span(), sure=False)]
    return made


def _place(folded: str, places: Sequence[Found]) -> list[Clue]:
    made: list[Clue] = []
    for place in places:
        lead = folded[max(0, place.start - _LONGEST_LEAD) : place.start]
        before = _BEFORE_PLACE.search(lead)
        start = place.start - len(before.group()) if before else place.start
        made.append(Clue(start, place.end, sure=_ORIGIN.search(lead) is None))
    made += _matches(_SPOTS, folded, sure=True)
    return [*made, *_matches(_BARE, folded, sure=False)]


def _means(folded: str, category: Category) -> list[Clue]:
    made = list(_matches(_WEAPONS, folded, sure=True))
    made += _matches(_OBJECTS, folded, sure=True)
    made += _matches(_CROWD, folded, sure=True)
    if category in _PRESSURE:
        made += _matches(_MONEY, folded, sure=True)
        made += _matches(_SUMS, folded, sure=False)
    if category in _GOODS:
        made += _matches(_GOODS[category], folded, sure=True)
    return [*made, *_matches(_THINGS, folded, sure=False)]


def _call(folded: str) -> list[Clue]:
    made = list(_matches(_CALLS, folded, sure=True))
    return made + [Clue(*match.span(1), sure=True) for match in _ORDERS.finditer(folded)]


def _matches(pattern: re.Pattern[str], folded: str, *, sure: bool) -> Iterator[Clue]:
    for match in pattern.finditer(folded):
        yield Clue(*_tidy(folded, match.span()), sure=sure)


def _tidy(folded: str, span: Span) -> Span:
    start, end = span
    while start < end and folded[start].isspace():
        start += 1
    while end > start and (folded[end - 1].isspace() or folded[end - 1] in ".,!?;:"):
        end -= 1
    return start, end


def _apart(given: Iterable[Clue]) -> list[Clue]:
    """Clues that overlap become one: sure if one of them is."""
    made: list[Clue] = []
    for clue in sorted(given, key=lambda c: (c.start, c.end)):
        if clue.start >= clue.end:
            continue
        if made and clue.start < made[-1].end:
            last = made[-1]
            made[-1] = Clue(last.start, max(last.end, clue.end), last.sure or clue.sure)
        else:
            made.append(clue)
    return made
