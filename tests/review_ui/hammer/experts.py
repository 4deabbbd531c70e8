"""Experts who want the same signals at the same moment, and a book of every answer they were given."""

import asyncio
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from random import Random
from uuid import UUID

import httpx

from review_ui.access.cookies import SESSION_COOKIE
from review_ui.errors import OUTCOMES
from review_ui.labels import CONFIRM_REASONS, PARK_REASONS, REJECT_REASONS

HOT = 6
"""So many signals at the head of the queue that everybody wants."""
PATIENCE_SECONDS = 60.0
_NEXT = re.compile(r"/signaal/([0-9a-f-]{36})")
_READING = re.compile(r'name="lezing" value="(\d)"')
_REASONS: dict[str, list[str]] = {
    "confirm": [reason.value for reason in CONFIRM_REASONS],
    "reject": [reason.value for reason in REJECT_REASONS],
    "park": [reason.value for reason in PARK_REASONS],
}
_TOLD = {outcome.code: (outcome.status, outcome.what) for outcome in OUTCOMES.values()}


@dataclass(frozen=True)
class Decision:
    """A judgement that the server said was taken."""

    signal: UUID
    reading: int
    username: str
    verdict: str


@dataclass
class Book:
    """Every answer by what was asked, those that nobody documented, and every decision that was taken."""

    answers: Counter[str] = field(default_factory=Counter)
    strange: list[str] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    readings: Counter[UUID] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def note(self, asked: str, answer: httpx.Response, *expected: int) -> None:
        """One answer. What is neither expected nor one of the outcomes that the product names is strange."""
        if answer.status_code in expected and "/inloggen" not in answer.headers.get("location", ""):
            told = str(answer.status_code)
        else:
            page = unescape(answer.text)
            known = [code for code, (status, what) in _TOLD.items() if status == answer.status_code and what in page]
            if not known:
                self.strange.append(f"{asked}: {answer.status_code} {re.sub(r'<[^>]+>', ' ', page)[:200]}")
            told = known[0] if known else "strange"
        self.answers[f"{asked}: {told}"] += 1


@dataclass
class Expert:
    """One expert with a browser's session. `open_ones` are the signals that still wait, shared by all."""

    username: str
    token: str
    address: str
    random: Random
    open_ones: list[UUID]
    book: Book

    async def work(self) -> None:
        """Read until nothing waits any more."""
        async with httpx.AsyncClient(
            base_url=self.address, cookies={SESSION_COOKIE: self.token}, timeout=PATIENCE_SECONDS
        ) as client:
            self._client = client
            session = await client.get("/api/v1/session")
            self._csrf = session.json()["csrf"]
            at_hand: UUID | None = None
            while self.open_ones:
                if at_hand is None:
                    at_hand = await self._take()
                if at_hand is not None:
                    at_hand = await self._read(at_hand)

    async def _take(self) -> UUID | None:
        """Claim a signal: mostly one of those that everybody wants."""
        waiting = self.open_ones[:HOT] if self.random.random() < 0.7 else self.open_ones
        if not waiting:
            return None
        signal = self.random.choice(waiting)
        answer = await self._post(f"/signaal/{signal}/oppakken")
        self.book.note("claim", answer, 303)
        return signal if answer.status_code == 303 else None

    async def _read(self, signal: UUID) -> UUID | None:
        """What a reader does with a signal at hand; answers the one that is at hand afterwards."""
        chance = self.random.random()
        if chance < 0.04:
            return None  # walks away: the lease has to lapse
        if chance < 0.14:
            self.book.note("give back", await self._post(f"/signaal/{signal}/vrijgeven"), 303)
            return None
        if chance < 0.34:
            beat = await self._post(f"/signaal/{signal}/hartslag")
            if beat.status_code == 409 and beat.json() == {"mine": False}:
                self.book.answers["heartbeat: not mine"] += 1
                return None
            self.book.note("heartbeat", beat, 200)
        if chance > 0.95:
            reading: int | None = self.random.choice((1, 2, 3))  # a page that is long out of date
        elif chance > 0.65:
            reading = await self._reading_on_the_page(signal)
        else:
            reading = min(1 + self.book.readings[signal], 3)
        if reading is None:
            return None
        return await self._judge(signal, reading)

    async def _reading_on_the_page(self, signal: UUID) -> int | None:
        page = await self._client.get(f"/signaal/{signal}")
        self.book.note("page", page, 200)
        found = _READING.search(page.text)
        return int(found.group(1)) if found else None

    async def _judge(self, signal: UUID, reading: int) -> UUID | None:
        verdict = self.random.choices(("confirm", "reject", "park"), (5, 3, 2))[0]
        reason = self.random.choice(_REASONS[verdict])
        began = time.perf_counter()
        answer = await self._post(
            f"/signaal/{signal}/oordeel",
            keuze=f"{verdict}:{reason}",
            lezing=str(reading),
            soort="confrontation",
            niveau=self.random.choice(("acuut", "concreet", "aandacht")),
            duiding="",
        )
        self.book.seconds.append(time.perf_counter() - began)
        self.book.note("judge", answer, 303)
        if answer.status_code != 303:
            return None
        self.book.decisions.append(Decision(signal, reading, self.username, verdict))
        self.book.readings[signal] += 1
        following = _NEXT.search(answer.headers["location"])
        return UUID(following.group(1)) if following and UUID(following.group(1)) != signal else None

    async def _post(self, path: str, **fields: str) -> httpx.Response:
        return await self._client.post(path, data={"csrf": self._csrf, **fields})


async def all_at_once(experts: list[Expert]) -> None:
    """Everybody works until nothing waits."""
    async with asyncio.TaskGroup() as group:
        for expert in experts:
            group.create_task(expert.work())
