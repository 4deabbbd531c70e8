"""The words of a text with the places they stand in: what two texts are compared by."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.joining.wording import Word, Wording, wording
from signals.place import Mention


@dataclass(frozen=True, slots=True)
class Placed:
    """A wording, and for each of its words the id of the place it stands in, hashtags apart."""

    wording: Wording
    places: tuple[str | None, ...]

    @property
    def words(self) -> tuple[Word, ...]:
        """The words, in order."""
        return self.wording.words

    def names_a_place(self, start: int, end: int | None = None) -> bool:
        """Whether one of these words stands in a place."""
        return any(place is not None for place in self.places[start:end])


def placed(text: str, mentions: Iterable[Mention]) -> Placed:
    """Read a text, of which is known where it names places."""
    read = wording(text)
    found: list[str | None] = [None] * len(read.words)
    for at, word in enumerate(read.words):
        for place in mentions:
            if place.start < word.end and word.start < place.end:
                found[at] = place.id
    return Placed(read, tuple(found))
