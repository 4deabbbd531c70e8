"""What a reader of one kind of source promises: what to ask, and what an answer says. Pure: no network, no clock.

The visitor (`collectors.spiders.visiting`) does the asking, the waiting and the handing over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from collectors.health import HealthState
from collectors.refused import Refused
from collectors.unmasked import Gone, UnmaskedPost

Marks = Mapping[str, str]
"""What a reader remembers between visits, such as the newest id it saw. It is kept closed: it may hold a name."""

Secrets = Mapping[str, str]
"""Keys that a platform hands out for reading, by their names, such as `youtube-api-key`; and where its servers are,
when the kind says that they are elsewhere than its reader knows."""


class AddressWrong(ValueError):
    """A seed's address is not one that this kind reads; says in one line how to write it, without quoting it."""


@dataclass(frozen=True, slots=True, repr=False)
class Ask:
    """One request. Its parts may hold a name or a key, so it never prints itself.

    `step` is the reader's own word for what is asked; `carry` is what it wants to hear again beside the answer.
    `params` are added to the address. `conditional` asks only for what changed, by the validators of the last answer.
    `form` makes it a POST. Without `follow` a redirect comes to `refusal` as an answer. `back` says that it reaches
    further into the past: when such a one is left unasked in a visit that was not the seed's first, that is a gap.
    `delay` is how long (seconds) this one site wants between requests, where that is longer than for its kind.
    """

    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    step: str = ""
    carry: Mapping[str, str] = field(default_factory=dict)
    conditional: bool = False
    form: Mapping[str, str] | None = None
    follow: bool = True
    back: bool = False
    delay: float = 0.0

    def __repr__(self) -> str:
        return f"Ask({self.step})"


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What came back. `url` is where it came from after redirects; header names are in small letters."""

    ask: Ask
    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    seen_at: datetime

    def __repr__(self) -> str:
        return f"Answer({self.status})"


@dataclass(frozen=True, slots=True, repr=False)
class SetAside:
    """One item that cannot be read, with its own bytes; it goes to the dead letters."""

    refused: Refused
    raw: bytes

    def __repr__(self) -> str:
        return f"SetAside({self.refused.reason.value})"


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """What an answer says.

    `posts`: a `revision` of 0 means that the source dates no change; the visitor then takes the moment of seeing.
    It skips versions that it knows, so a reader gives all that it reads.
    `marks` are laid over those of the visit so far, and saved only when the visit came to its end: a page that fails
    half-way must not hide the ones behind it. An empty value removes a mark.
    `next` are further requests, asked in this order as far as the visit's bound allows.
    `oddities` counts reason codes of what was left out on purpose or looked strange (`noindex`, `no_text` …).
    Any `state` other than OK or NOTHING_NEW ends the visit, without its marks; `reason` is a code, never words of the
    source. BLOCKED without a `wait` stops the seed until a person looks (a log-in wall); with one it is a pause.
    `wait` is how long the source asks to be left alone (seconds); `cost` what this answer took from a quota (units).
    `gap` says that the reader knows of posts that it cannot reach any more.
    """

    posts: tuple[UnmaskedPost, ...] = ()
    gone: tuple[Gone, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    marks: Marks = field(default_factory=dict)
    next: tuple[Ask, ...] = ()
    oddities: Mapping[str, int] = field(default_factory=dict)
    state: Literal[
        HealthState.OK,
        HealthState.NOTHING_NEW,
        HealthState.SLOWED,
        HealthState.BLOCKED,
        HealthState.MISPARSED,
        HealthState.FAILING,
    ] = HealthState.OK
    reason: str = ""
    wait: int = 0
    cost: int = 0
    gap: bool = False

    def __repr__(self) -> str:
        return f"Page({len(self.posts)} posts, {self.state.value})"


class Reader(Protocol):
    """Reads one seed of one kind. Made anew for each visit by a `ReaderMaker`; it keeps no state between calls."""

    def first(self, marks: Marks) -> Ask:
        """The visit's first request; `marks` are those saved at the end of the last visit, empty at first."""

    def read(self, answer: Answer, marks: Marks) -> Page:
        """What an answer of status 200 says; `marks` are the saved ones. Never raises, whatever the bytes are."""

    def refusal(self, answer: Answer, marks: Marks) -> Page | None:
        """What another status (304 apart) means for this kind, such as a quota that ran out.

        None leaves it to the visitor: 429 and 503 wait for Retry-After, 401 and 403 stop the seed until a person looks,
        404 and 410 block it for a day, and other ones fail.
        """


ReaderMaker = Callable[[str, Secrets], Reader]
"""Makes a reader from a seed's address. Raises `AddressWrong`; an absent secret is no fault here."""
