"""Recordings of what a server answered, and the same visits made against a server or against its recording.

A recording keeps requests, statuses, a few headers and bodies. Keys that a writer used are in none of these.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import httpx

from collectors.assignment import Seed
from collectors.kinds import kinds
from collectors.readers.reader import Answer, Ask, Reader
from collectors.robots import HostManners
from collectors.spiders.visit import Visit
from collectors.spiders.visit_place import VisitPlace
from signals.order import Scope
from signals.post import Post
from tests.collectors.room import Room, order

HERE = Path(__file__).parent
AGENT = "Seinpost/0.1 (+https://contact.example.org)"
_KEPT_HEADERS = ("content-type", "etag", "last-modified", "link", "location", "retry-after", "x-creator")

Fetch = Callable[[Ask], Answer]
Exchange = dict[str, object]
Round = dict[str, object]


def whole_address(ask: Ask) -> str:
    """The address of a request with its parameters."""
    sign = "&" if "?" in ask.url else "?"
    return ask.url + (sign + urlencode(ask.params) if ask.params else "")


@dataclass
class Recorder:
    """Asks a server and writes down what it said. `places` says which name stands for each of its addresses.

    `secret` are headers that go with every request and into no recording.
    """

    server: str
    kind: str
    address: str
    places: dict[str, str]
    secret: dict[str, str] = field(default_factory=dict, repr=False)
    rounds: list[Round] = field(default_factory=list)

    def begin(self, after: str) -> None:
        """The exchanges from here on came after this had happened."""
        self.rounds.append({"after": after, "exchanges": []})

    def fetch(self, ask: Ask) -> Answer:
        """Ask the server, as a collector would."""
        told = httpx.get(
            whole_address(ask),
            headers={"User-Agent": AGENT, **ask.headers, **self.secret},
            follow_redirects=ask.follow,
            timeout=30.0,
            trust_env=False,
        )
        headers = {name.lower(): value for name, value in told.headers.items()}
        answer = Answer(ask, told.status_code, headers, told.content, str(told.url), datetime.now(UTC))
        exchanges = self.rounds[-1]["exchanges"]
        assert isinstance(exchanges, list)
        exchanges.append(_written(answer))
        return answer

    def save(self, name: str) -> None:
        """Write the recording, with invented names in the place of this machine's addresses."""
        whole = {"server": self.server, "kind": self.kind, "address": self.address, "rounds": self.rounds}
        text = json.dumps(whole, ensure_ascii=False, indent=1)
        for real, invented in self.places.items():
            text = text.replace(real, invented)
        (HERE / f"{name}.json").parent.mkdir(exist_ok=True)
        (HERE / f"{name}.json").write_text(text + "\n")


@dataclass
class Recording:
    """A recording that answers as the server did. It says no to a request that was not made then."""

    kind: str
    address: str
    rounds: list[Round]
    _waiting: list[Exchange] = field(default_factory=list)

    def begin(self, number: int) -> None:
        """Take the exchanges of one round."""
        self._waiting = list(self._round(number))

    @property
    def began(self) -> datetime:
        """When the first answer came."""
        return datetime.fromisoformat(str(self._round(0)[0]["seen_at"]))

    def fetch(self, ask: Ask) -> Answer:
        """What the server said to this request."""
        assert self._waiting, "more was asked than was recorded"
        told = self._waiting.pop(0)
        assert whole_address(ask) == told["asked"], "something else was asked than was recorded"
        body = told["body"] if "body" in told else base64.b64decode(str(told["body_base64"]))
        headers = told["headers"]
        assert isinstance(headers, dict)
        return Answer(
            ask,
            int(str(told["status"])),
            headers,
            body if isinstance(body, bytes) else str(body).encode(),
            str(told["from"]),
            datetime.fromisoformat(str(told["seen_at"])),
        )

    def asked(self, number: int) -> list[str]:
        """The addresses that were asked for in a round."""
        return [str(told["asked"]) for told in self._round(number)]

    def statuses(self, number: int) -> list[int]:
        """The statuses of a round."""
        return [int(str(told["status"])) for told in self._round(number)]

    def _round(self, number: int) -> list[Exchange]:
        exchanges = self.rounds[number]["exchanges"]
        assert isinstance(exchanges, list)
        return exchanges

    def all_asked(self) -> bool:
        """Whether everything of this round was asked for again."""
        return not self._waiting


def load(name: str) -> Recording:
    """A recording by its name."""
    told = json.loads((HERE / f"{name}.json").read_text())
    return Recording(told["kind"], told["address"], told["rounds"])


def names() -> list[str]:
    """Every recording."""
    return sorted(str(path.relative_to(HERE).with_suffix("")) for path in HERE.glob("*/*.json"))


@dataclass
class Visitor:
    """Visits one seed again and again, as the collector does, and keeps what came out."""

    kind: str
    address: str
    began: datetime
    around: Room = field(init=False)
    now: datetime = field(init=False)
    reader: Reader | None = None

    def __post_init__(self) -> None:
        made = order(Scope(sources=kinds()[self.kind].sources))
        span = {"starts_at": self.began - timedelta(hours=1), "ends_at": self.began + timedelta(days=7)}
        self.around, self.now = Room(order=made.model_copy(update=span)), self.began

    def visit(self, fetch: Fetch) -> list[str]:
        """One visit; the answer is what it brought: the words of posts, and «gone» for a removal."""
        kind = kinds()[self.kind]
        outlet = self.around.outlet(kind.collector, 1, lambda: self.now)
        seed = Seed(self.around.order.id, 1, kind.sources[0], self.address)
        reader = self.reader or kind.make_reader(self.address, {})
        place = replace(VisitPlace.loads(outlet.position()), stopped="")
        had = len(self.around.records)
        visit = Visit(seed, kind, reader, place, outlet, HostManners(), 0)
        ask: Ask | None = visit.first()
        while ask is not None:
            answer = fetch(ask)
            self.now = answer.seen_at
            ask = visit.take(answer, kept_out=False)
        return [one.text if isinstance(one, Post) else "gone" for one in self.around.records[had:]]

    @property
    def health(self) -> tuple[str, str]:
        """How the last visit went."""
        last = self.around.health[-1]
        return last.state.value, last.reason


def _written(answer: Answer) -> Exchange:
    headers = {name: value for name, value in answer.headers.items() if name in _KEPT_HEADERS or "ratelimit" in name}
    exchange: Exchange = {
        "asked": whole_address(answer.ask),
        "status": answer.status,
        "from": answer.url,
        "headers": headers,
        "seen_at": answer.seen_at.isoformat(),
    }
    try:
        return {**exchange, "body": answer.body.decode()}
    except UnicodeDecodeError:
        return {**exchange, "body_base64": base64.b64encode(answer.body).decode()}
