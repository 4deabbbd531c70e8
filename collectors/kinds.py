"""The kinds of source that run by themselves, each an entry in `kinds.toml`: a new kind is a reader and an entry there.

It says what each kind is and what its seeds look like; it asks nothing of any source.
"""

import importlib
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from collectors.quota import Quota
from collectors.readers.reader import AddressWrong, Reader, ReaderMaker, Secrets
from signals.post import Source

WHOLE_STREAM = "*"
"""The address of a seed that means a stream as a whole."""


SITES = "web-sites"
"""Under this name the reader of web pages is told where the sites' files lie."""


class KindUnknown(Exception):
    """There is no such kind of source; says in one line which there are."""


class SeedWrong(Exception):
    """A seed cannot be followed as it is written; says in one line how to write it, without quoting it."""


def _path(path: str) -> str:
    if path.count(":") != 1 or not path.startswith("collectors."):
        raise ValueError("is written as collectors.package.module:name")
    return path


class Kind(BaseModel):
    """One kind of source. Times in seconds; `pages` bounds the requests of one visit.

    `official` marks an API that its terms govern, and not robots.txt. `reader` is where its `ReaderMaker` stands; a
    kind without one is a stream. `turn`: kinds that may meet at one host take turns under one name. `secrets` are the
    keys without which it is not asked at all, `told` what its reader is told where the installation has it. `address`
    shows how a seed is written. `reads_noindex`: its reader obeys X-Robots-Tag itself, page by page. `servers`: where a
    platform's servers are, when elsewhere than its reader knows, by the reader's names for them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    collector: str
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    terms: Annotated[str, Field(min_length=1)]
    reader: Annotated[str, AfterValidator(_path)] | None = None
    address: str = ""
    aliases: tuple[str, ...] = ()
    official: bool = False
    interval: Annotated[int, Field(ge=60)] = 900
    delay: Annotated[float, Field(ge=1.0)] = 2.0
    pages: Annotated[int, Field(ge=1, le=200)] = 1
    turn: str = ""
    secrets: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    reads_noindex: bool = False
    quota: Quota | None = None
    servers: Mapping[str, str] = {}

    def make_reader(self, address: str, secrets: Secrets) -> Reader:
        """A reader for one seed. Raises `AddressWrong`."""
        if self.reader is None:
            raise AddressWrong(f"{self.name} is a stream and follows no seeds")
        module, _, name = self.reader.partition(":")
        maker: ReaderMaker = getattr(importlib.import_module(module), name)
        told = {key: value for key, value in secrets.items() if key in (*self.secrets, *self.told)}
        return maker(address, {**told, **self.servers})

    @property
    def turn_name(self) -> str:
        """Under which name its crawls take turns."""
        return self.turn or self.name


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by name, in the order of the file."""
    found = tomllib.loads((resources.files("collectors") / "kinds.toml").read_text(encoding="utf-8"))
    entries = {name: {"name": name, "collector": name, **entry} for name, entry in found.items()}
    return TypeAdapter(dict[str, Kind]).validate_python(entries)


def named(name: str) -> tuple[Kind, ...]:
    """The kinds that a person means: a kind's name, or all kinds of a source. Raises `KindUnknown`."""
    found = tuple(k for k in kinds().values() if name in (k.name, *k.aliases) or name in {s.value for s in k.sources})
    exact = tuple(k for k in found if name in (k.name, *k.aliases))
    if not found:
        raise KindUnknown(f"there is no source {name}; choose from {', '.join(kinds())}")
    return exact or found


def of_seed(source: Source, address: str) -> Kind | None:
    """The kind that follows a seed; None for one that belongs to a stream as a whole, or that nobody can follow."""
    if address == WHOLE_STREAM:
        return None
    return next((kind for kind in kinds().values() if kind.reader is not None and source in kind.sources), None)


def seed_of(written: str, sources: Iterable[Source], secrets: Secrets) -> tuple[Source, str]:
    """A seed written as KIND=ADDRESS, checked. `sources` are those of the order. Raises `SeedWrong`."""
    name, equals, address = written.partition("=")
    kind = next((kind for kind in kinds().values() if name.strip() in (kind.name, *kind.aliases)), None)
    if not equals or not address.strip() or kind is None:
        # What stands before the sign may be half of an address, so it is not repeated.
        raise SeedWrong(f"a seed is written as KIND=ADDRESS, with one of the kinds {', '.join(kinds())}")
    return checked_seed(kind, address.strip(), sources, secrets)


def checked_seed(kind: Kind, address: str, sources: Iterable[Source], secrets: Secrets) -> tuple[Source, str]:
    """The source under which a seed is kept, and its address. Raises `SeedWrong`."""
    allowed = set(sources)
    source = next((source for source in kind.sources if source in allowed), None)
    if source is None:
        raise SeedWrong(f"a seed of {kind.name} needs --source {' or --source '.join(s.value for s in kind.sources)}")
    if kind.reader is None:
        if address != WHOLE_STREAM:
            raise SeedWrong(f"{kind.name} is a stream; its only seed is {kind.name}={WHOLE_STREAM}")
        return source, address
    try:
        kind.make_reader(address, secrets)
    except AddressWrong as wrong:
        raise SeedWrong(f"a seed of {kind.name}: {wrong}") from None
    return source, address
