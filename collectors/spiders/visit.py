"""One visit to one seed: what was read so far, what is still to ask, and where it ends. It knows no HTTP library.

A visit hands every page over with a place that is safe to go on from, and its reader's marks only at its end.
"""

import json
import re
from collections import Counter, deque
from dataclasses import replace
from datetime import datetime, timedelta

from collectors.assignment import Seed
from collectors.health import HealthState
from collectors.kinds import Kind
from collectors.outlet import Outlet
from collectors.politeness import max_age
from collectors.readers.reader import Answer, Ask, Page, Reader
from collectors.robots import HostManners
from collectors.spiders.meaning import DAY, back_off, of_status
from collectors.spiders.taking import take
from collectors.spiders.visit_place import VisitPlace

MOST_MARKS = 64 * 1024
"""Characters of a reader's memory; a reader that wants more is at fault."""
MOST_ASKS = 500
"""Requests that wait within a visit; what a page asks beyond them is left for a later visit."""
GAP = "gap"
LEFT_FOR_LATER = "left_for_later"
NOT_BACK_FILLED = "not_back_filled"
"""Requests further into the past that a first visit had no room for: nothing was promised there, but it is told."""

_CODE = re.compile(r"[a-z0-9_]{1,40}\Z")
_GOOD = (HealthState.OK, HealthState.NOTHING_NEW)


class Visit:
    """A visit that runs. Everything here blocks or is quick; the spider calls it in a thread."""

    def __init__(
        self,
        seed: Seed,
        kind: Kind,
        reader: Reader,
        place: VisitPlace,
        outlet: Outlet,
        manners: HostManners,
        interval: int,
    ) -> None:
        self.seed = seed
        self.kind = kind
        self._reader = reader
        self._start = self._place = place
        self._outlet = outlet
        self._manners = manners
        self._interval = interval
        self._saved = _marks(outlet.reopen(place.marks))
        self._marks = dict(self._saved)
        self._validators: tuple[str, str] | None = None
        self._waiting: deque[Ask] = deque()
        self._oddities: Counter[str] = Counter()
        self._pages = 0
        self._accepted = 0
        self.over = False
        self._rest = 0
        self._gaps = 0

    @property
    def stopped(self) -> str:
        """The code for which a person has to look before the next visit; empty when nobody has to."""
        return self._place.stopped

    def __repr__(self) -> str:
        return f"Visit(seed {self.seed.number})"

    def permit(self, address: str) -> None:
        """Pass one request, or raise why not: the order is over, or the host asked to be left alone."""
        self._outlet.require_permission()
        self._manners.require_rest_over(address)

    def first(self) -> Ask:
        """The first request, with the last visit's validators where the reader wants them."""
        self._outlet.require_permission()
        ask = self._reader.first(self._saved)
        if not ask.conditional:
            return ask
        validators = {
            "If-None-Match": self._outlet.reopen(self._start.etag),
            "If-Modified-Since": self._outlet.reopen(self._start.last_modified),
        }
        return replace(ask, headers={**ask.headers, **{name: value for name, value in validators.items() if value}})

    def take(self, answer: Answer, *, kept_out: bool) -> Ask | None:
        """Read an answer, hand over what it holds, and say what to ask next; None when the visit is over."""
        return self.conclude(self._page(answer, kept_out), answer.seen_at, answer)

    def conclude(self, page: Page, now: datetime, answer: Answer | None = None) -> Ask | None:
        """What follows from a page, which may be the news that there was none."""
        self._pages += 1
        self._oddities.update({_code(code): count for code, count in page.oddities.items()})
        self._gaps += page.gap
        if page.cost and self.kind.quota is not None:
            self._place = self._place.spending(page.cost, self.kind.quota.day(now))
            self._manners.ledger.note(
                self.kind.name, self.seed.order_id, self.seed.number, self._place.spent_on, self._place.spent
            )
        if page.state is HealthState.SLOWED and answer is not None:
            self._manners.stay_away(answer.url, min(page.wait, DAY) or back_off(self._place.failures))
        self._place = take(page, self._outlet, self._place, now, self.kind.name)
        if page.state not in _GOOD:
            self._over(page, self._failed(page, now))
            return None
        self._rest = max(self._rest, min(page.wait, DAY), 0 if answer is None else max_age(answer.headers))
        self._marks.update(page.marks)
        if answer is not None and answer.ask.conditional and answer.status == 200:
            self._validators = (answer.headers.get("etag", ""), answer.headers.get("last-modified", ""))
        room = max(0, MOST_ASKS - len(self._waiting))
        self._waiting.extend(page.next[:room])
        self._oddities.update({LEFT_FOR_LATER: len(page.next[room:])})
        spent_up = self._manners.ledger.spent_up(self.kind.name, self.kind.quota, now)
        if self._waiting and self._pages < self.kind.pages and not spent_up:
            self._accepted += self._outlet.hand_over(self._place.dumps())
            return self._waiting.popleft()
        self._over(page, self._ended(now))
        return None

    def _page(self, answer: Answer, kept_out: bool) -> Page:
        if answer.status == 304:
            return Page(state=HealthState.NOTHING_NEW)
        if answer.status == 200 and kept_out:
            return Page(state=HealthState.BLOCKED, reason="noindex", wait=DAY)
        try:
            if answer.status == 200:
                return self._reader.read(answer, self._saved)
            said = self._reader.refusal(answer, self._saved)
        except Exception as fault:
            # A reader promises never to raise. One that does must not end the round of all other seeds.
            return Page(state=HealthState.MISPARSED, reason="reader_fault", oddities={_code(type(fault).__name__): 1})
        return of_status(answer.status, answer.headers, answer.seen_at) if said is None else said

    def _failed(self, page: Page, now: datetime) -> VisitPlace:
        """The place after a page that ends the visit: as far as known, but with the marks of the last whole visit."""
        stopped = page.state is HealthState.BLOCKED and not page.wait
        patience = back_off(self._place.failures) if page.state in (HealthState.SLOWED, HealthState.FAILING) else 0
        wait = DAY if stopped else max(self._interval, min(page.wait, DAY) or patience)
        return replace(
            self._place,
            not_before=_in(now, wait),
            failures=self._place.failures + 1,
            stopped=_code(page.reason or "blocked") if stopped else "",
        )

    def _ended(self, now: datetime) -> VisitPlace:
        """The place at a visit's end, with what it leaves unread on the books."""
        behind = sum(ask.back for ask in self._waiting)
        if behind < len(self._waiting):
            self._oddities[LEFT_FOR_LATER] += len(self._waiting) - behind
        if behind and self._start.fresh:
            self._oddities[NOT_BACK_FILLED] += behind
        elif behind:
            self._gaps += behind
        place = replace(self._place, not_before=_in(now, max(self._interval, self._rest)), failures=0)
        marks = json.dumps({name: value for name, value in self._marks.items() if value}, sort_keys=True)
        if len(marks) > MOST_MARKS:
            self._oddities["marks_too_large"] += 1
        elif self._marks != self._saved:
            place = replace(place, marks=self._outlet.close(marks))
        if self._validators is not None:
            etag, last_modified = self._validators
            place = replace(place, etag=self._outlet.close(etag), last_modified=self._outlet.close(last_modified))
        return place

    def _over(self, page: Page, place: VisitPlace) -> None:
        if self._gaps:
            place = replace(place, gaps=place.gaps + self._gaps, gap_at=place.not_before)
        self._place = place
        self._accepted += self._outlet.hand_over(place.dumps())
        state = page.state
        if state in _GOOD:
            state = HealthState.OK if self._accepted else HealthState.NOTHING_NEW
        recent_gaps = place.gaps if place.gap_at > place.not_before - DAY else 0
        counts = Counter({GAP: recent_gaps}) + self._oddities
        codes = [_code(page.reason)] if page.reason else []
        codes += [f"{code}:{count}" for code, count in counts.most_common(8)]
        self._outlet.report(state, " ".join(codes))
        self.over = True


def _marks(opened: str) -> dict[str, str]:
    """The marks that a cursor told; none when it was closed with another key, and then the seed is read afresh."""
    return {str(name): str(value) for name, value in json.loads(opened).items()} if opened else {}


def _code(reason: str) -> str:
    """A reason as a code; anything else might be a source's own words."""
    return reason if _CODE.match(reason) else re.sub(r"[^A-Za-z0-9_]", "", reason)[:40] or "unknown"


def _in(now: datetime, seconds: int) -> int:
    return int((now + timedelta(seconds=seconds)).timestamp())
