"""A text as the scene of the names in it: what it is about, and which kinds of place the words around a name speak of.

It weighs nothing; `nlp.places.evidence` does.
"""

from dataclasses import dataclass
from functools import cached_property

from nlp.places import context
from nlp.places.matching import Match
from nlp.places.words import Words
from signals.place import PlaceKind


@dataclass(frozen=True)
class Scene:
    """A text with what is asked of it for every name in it, worked out once. `region`: the source's municipality."""

    words: Words
    region: str = ""

    @cached_property
    def football(self) -> bool:
        """Whether the text is about a match."""
        return context.FOOTBALL.search(self.words.folded) is not None

    @cached_property
    def weather(self) -> bool:
        """Whether the text is about wind and weather."""
        return context.WIND.search(self.words.folded) is not None

    @cached_property
    def dutch(self) -> bool:
        """Whether some of the small words are Dutch ones."""
        return not self.words.known.isdisjoint(context.DUTCH)

    @cached_property
    def shouted(self) -> bool:
        """Whether capitals tell nothing here: nearly all words have one, or none has."""
        count = sum(self.words.text[start].isupper() for start in self.words.starts)
        return count > 0.6 * len(self.words.words)

    def holds_beside(self, match: Match, wanted: frozenset[str]) -> bool:
        """Whether one of the wanted words stands in the text, apart from the name itself."""
        inside = frozenset(self.words.words[match.first : match.last + 1])
        return not wanted.isdisjoint(self.words.known - inside)


def expected_kinds(scene: Scene, match: Match) -> frozenset[PlaceKind]:
    """The kinds of place that the words around a name speak of; empty when they tell nothing."""
    words = scene.words
    inside = words.words[match.first : match.last + 1]
    previous, following = words.before(match.first), words.after(match.last)
    if not context.STATION_WORDS.isdisjoint([*inside, previous, following]):
        return frozenset({PlaceKind.STATION})
    for kind in (PlaceKind.SCHOOL, PlaceKind.AREA, PlaceKind.CITY):
        if previous in context.KIND_BEFORE[kind]:
            return frozenset({kind})
    spot = words.before(match.first, 3 if previous in context.ARTICLES else 2)
    if previous == "op" or spot in context.SCHOOL_SPOTS or following in context.KIND_AFTER[PlaceKind.SCHOOL]:
        return frozenset({PlaceKind.SCHOOL})
    if previous in context.INTO:
        return frozenset({PlaceKind.CITY, PlaceKind.AREA, PlaceKind.STREET})
    return (
        frozenset({PlaceKind.SCHOOL, PlaceKind.CITY})
        if scene.holds_beside(match, context.SCHOOL_WORDS)
        else frozenset()
    )
