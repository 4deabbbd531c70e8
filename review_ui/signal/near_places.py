"""Which other places a name in the text may stand for: 'Noord' is a part of more than one town.

It chooses none and says nothing of which is likelier than the one that was found; the reader does.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from forwarding.places import installed_by_name
from nlp.normalise import fold
from review_ui.place_search import gazetteer, named
from review_ui.signal.words import quotes
from signals.place import Mention, PlaceKind

MOST_NAMES = 3
MOST_OTHERS = 4
"""A reader takes in no more of them; who looks for another one finds it under 'Plaats en tijd aanpassen'."""


@dataclass(frozen=True)
class OtherPlace:
    """A place that the same name stands for, as a list names it."""

    id: str
    kind: PlaceKind
    listed: str


@dataclass(frozen=True)
class NameOfMore:
    """A name of the text, the place it was read as, and those that it may stand for beside what the signal names.

    `read_as` is empty where the signal no longer names that place.
    """

    quote: str
    read_as: str
    others: tuple[OtherPlace, ...]


def names_of_more(mentions: Sequence[Mention], known: Set[str]) -> list[NameOfMore]:
    """Names that other places bear too, in the order of the text; `known` are the ids that the signal names."""
    found: list[NameOfMore] = []
    for name, mention in {" ".join(fold(one.text).split()): one for one in reversed(mentions)}.items():
        others = [
            OtherPlace(place.id, place.kind, named(place))
            for place in installed_by_name(name)
            if place.id not in known and known.isdisjoint(place.former)
        ]
        if others:
            meant = gazetteer().entry(mention.id) if mention.id in known else None
            told = tuple(_each_once(others)[:MOST_OTHERS])
            found.append(NameOfMore(quotes([mention.text])[0], named(meant) if meant is not None else "", told))
    return found[::-1][:MOST_NAMES]


def _each_once(others: Sequence[OtherPlace]) -> list[OtherPlace]:
    """Several locations of one school in one town are one place to a reader."""
    return list({(other.kind, other.listed): other for other in reversed(others)}.values())[::-1]
