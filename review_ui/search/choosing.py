"""From what a reader typed to what can be searched: a word of the list, a place with all that lies in it, or neither.

What is no listed word stays in the form it was typed in: it is not searched, not stored and in no address.
"""

from functools import lru_cache

from rapidfuzz import fuzz, process

from forwarding.places import PlaceBook
from nlp.found_terms import found_terms
from nlp.normalise import fold
from nlp.terms import TermList
from review_ui.place_search import gazetteer, named

MOST_NEAR = 5
_NEAR_ENOUGH = 70
_MOST_WITHIN = 5000


def listed_word(typed: str, known: TermList) -> str | None:
    """The word as the list has it, also when it was typed in another way; None when it is not listed."""
    clean = " ".join(typed.split())
    for term in known.terms:
        if fold(term.text) == fold(clean):
            return term.text
    hits = found_terms(clean, known)
    if len(hits) == 1 and (hits[0].start, hits[0].end) == (0, len(clean)):
        return hits[0].term.text
    return None


def near(typed: str, known: TermList) -> list[str]:
    """Listed words that look like it, the nearest first, at most five."""
    names = {term.text: fold(term.text) for term in known.terms}
    found = process.extract(fold(typed), names, scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH, limit=MOST_NEAR)
    return [word for _, _, word in found]


def within(place_id: str) -> tuple[str, ...]:
    """The ids of a place and of everything that lies in it, those of before among them; at most 5,000."""
    ids = _contents(gazetteer()).get(place_id, frozenset()) - {place_id}
    return (place_id, *sorted(ids)[: _MOST_WITHIN - 1])


@lru_cache(maxsize=2)
def _contents(book: PlaceBook) -> dict[str, frozenset[str]]:
    """What lies in each place, itself included; worked out once, for it goes through the whole country."""
    found: dict[str, set[str]] = {}
    for place in book:
        for around in book.around(place.id):
            found.setdefault(around.id, set()).update((place.id, *place.former))
    return {place_id: frozenset(ids) for place_id, ids in found.items()}


def place_name(place_id: str) -> str | None:
    """A place as lists name it; None when there is none with this id."""
    place = gazetteer().entry(place_id)
    return named(place) if place is not None else None
