"""What the items of a list gave, gathered while they are read one by one, and the page that follows from it. Pure."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from collectors.health import HealthState
from collectors.readers.reader import Ask, Marks, Page, SetAside
from collectors.unmasked import Gone, UnmaskedPost


@dataclass(slots=True, repr=False)
class Found:
    """What a list of items gave. `items` counts all there were, `left_out` those left out on purpose.

    `newest` and `oldest` are moments at which items were written.
    """

    items: int = 0
    left_out: int = 0
    posts: list[UnmaskedPost] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    aside: list[SetAside] = field(default_factory=list)
    oddities: Counter[str] = field(default_factory=Counter)
    newest: datetime | None = None
    oldest: datetime | None = None

    def note(self, at: datetime | None) -> None:
        """Take note of when an item was written."""
        if at is not None:
            self.newest = at if self.newest is None else max(self.newest, at)
            self.oldest = at if self.oldest is None else min(self.oldest, at)

    def add(self, other: "Found") -> None:
        """Take over what a part of the list gave."""
        self.items += other.items
        self.left_out += other.left_out
        self.posts += other.posts
        self.gone += other.gone
        self.aside += other.aside
        self.oddities += other.oddities
        self.note(other.newest)
        self.note(other.oldest)

    def leave_out(self, reason: str, gone: Gone) -> None:
        """Leave an item out on purpose; a version that was read before has to go."""
        self.left_out += 1
        self.oddities[reason] += 1
        self.gone.append(gone)

    def page(self, marks: Marks, then: tuple[Ask, ...], cost: int = 0, *, strict: bool = True) -> Page:
        """All this as a page. One that had items and gave nothing is misparsed: the form of the answers changed.

        `strict` off forgives one or two items without words, which happen where people write.
        """
        without_text = self.oddities["no_text"]
        read = len(self.posts) + len(self.gone) + self.left_out
        forgiven = not strict and without_text == self.items < 3
        odd = dict(self.oddities)
        if self.items and not read and not forgiven:
            return Page(
                set_aside=tuple(self.aside), oddities=odd, state=HealthState.MISPARSED, reason="no_text", cost=cost
            )
        return Page(tuple(self.posts), tuple(self.gone), tuple(self.aside), marks, then, odd, cost=cost)
