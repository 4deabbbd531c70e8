"""Reads the public preview of a Telegram channel: new messages, edits on its last two pages, and what was deleted.

Channels with a preview only; groups, private channels and the app's own interface are never asked.
"""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from collectors.health import HealthState
from collectors.readers.html_tree import Element, markup
from collectors.readers.reader import AddressWrong, Answer, Ask, Marks, Page, Secrets, SetAside
from collectors.readers.telegram.message import Kind, Message
from collectors.readers.telegram.page import FULL_PAGE, Fate, Preview, Trouble, fate, read_preview
from collectors.readers.telegram.trouble import meaning, nothing_found, redirected
from collectors.readers.versions import digest, removed, revision
from collectors.refused import Refused
from collectors.unmasked import Gone, UnmaskedPost
from signals.dead_letter import DeadReason
from signals.post import Source

_ADDRESS = re.compile(
    r"^(?:@|(?:https?://)?(?:www\.)?(?:t|telegram)\.me/(?:s/)?)?([A-Za-z][A-Za-z0-9_]{3,31})/?$", re.ASCII
)
_NOT_A_NAME = frozenset({"joinchat", "addstickers", "share", "proxy", "socks", "setlanguage", "addlist", "login"})
WEB, SERVER = "https://t.me", "telegram-server"
PAGES_FOR_EDITS = 2
"""Pages that are read again at every visit, because an edit is not announced."""
OLDEST = timedelta(days=30)
MOST_DOUBTS = 10
"""Messages whose fate is asked in one visit."""
MOST_KNOWN = 60


def telegram_reader(address: str, secrets: Secrets) -> "TelegramReader":
    """A reader of the channel with this address. Raises `AddressWrong`."""
    found = _ADDRESS.match(address.strip())
    if found is None or found[1].lower() in _NOT_A_NAME:
        raise AddressWrong("write a public Telegram channel as https://t.me/s/NAME")
    return TelegramReader(found[1], secrets.get(SERVER, WEB))


class TelegramReader:
    """One channel."""

    def __init__(self, name: str, server: str = WEB) -> None:
        self._name = name
        self._server = server

    def __repr__(self) -> str:
        return "TelegramReader(…)"

    def first(self, marks: Marks) -> Ask:
        """The newest page."""
        return self._page({"page": "1"})

    def read(self, answer: Answer, marks: Marks) -> Page:
        """The messages of a page, or the fate of one message."""
        if answer.ask.step == "fate":
            return self._fate(answer)
        preview = read_preview(answer.body, answer.headers, answer.url)
        number = _whole(answer.ask.carry.get("page")) or 1
        if preview.trouble is Trouble.THROTTLED:
            return nothing_found(number, "newest" in marks, "guess" in answer.ask.carry)
        if preview.trouble is not None and not preview.messages:
            return meaning(preview.trouble)
        if not preview.messages and not preview.unreadable:
            vanished = number == 1 and "newest" in marks
            return Page(
                state=HealthState.MISPARSED if vanished else HealthState.NOTHING_NEW,
                reason="items_vanished" if vanished else "",
                oddities=_oddities(preview),
            )
        channel = next((m.channel for m in preview.messages if m.channel is not None), None)
        if channel is not None and marks.get("channel", str(channel)) != str(channel):
            # A name that changed hands: the order is for the channel that had it.
            return Page(state=HealthState.BLOCKED, reason="another_channel")
        return self._messages(answer, marks, preview, number, channel)

    def refusal(self, answer: Answer, marks: Marks) -> Page | None:
        """A redirect: the channel has no preview, or is none. The fate of one message says nothing of the channel."""
        if answer.ask.step == "fate" and answer.status not in (401, 403, 429) and answer.status < 500:
            return Page(oddities={"fate_unknown": 1})
        if not 300 <= answer.status < 400:
            return None
        return redirected(answer, self._page({"page": "1", "moved": "1"}))

    def _messages(self, answer: Answer, marks: Marks, preview: Preview, number: int, channel: int | None) -> Page:
        newest = _whole(marks.get("newest"))
        numbers = sorted(m.number for m in preview.messages if m.number is not None)
        told = [m for m in preview.messages if m.kind is Kind.WORDS]
        said = dict[str, str]()
        if number == 1 and numbers:
            said["newest"] = str(numbers[-1])
        if channel is not None:
            said["channel"] = str(channel)
        if number <= PAGES_FOR_EDITS:
            said[f"ids{number}"] = ",".join(str(m.number) for m in told[-MOST_KNOWN:])
        doubts = self._doubts(answer, marks, preview, numbers, number)
        said |= {f"doubt{one}": "1" for one in doubts}
        older, gap = self._older(answer, preview, numbers, number, newest)
        page = Page(
            posts=tuple(_post(m) for m in told),
            set_aside=tuple(_aside(block) for block in preview.unreadable),
            marks=said,
            next=(*older, *(self._ask_fate(one) for one in doubts)),
            oddities=_oddities(preview),
            gap=gap,
        )
        if preview.trouble is not None:
            wrong = meaning(preview.trouble)
            return replace(page, state=wrong.state, reason=wrong.reason, set_aside=(), next=())
        return replace(page, state=HealthState.FAILING, reason="cut_off", next=()) if preview.cut else page

    def _older(
        self, answer: Answer, preview: Preview, numbers: list[int], number: int, newest: int | None
    ) -> tuple[tuple[Ask, ...], bool]:
        """The page before this one, if it is wanted; and whether messages that we never saw are given up."""
        if not numbers:
            return (), False
        lowest = numbers[0]
        if preview.before is None and len(numbers) < FULL_PAGE:
            return (), False  # the first page of the history
        before = lowest if preview.before is None else preview.before
        last = _whole(answer.ask.carry.get("before"))
        if before <= 1 or (last is not None and before >= last):
            return (), False
        unseen = newest is None or lowest > newest
        if number >= PAGES_FOR_EDITS:
            dates = [m.posted_at for m in preview.messages if m.posted_at is not None]
            if unseen and dates and max(dates) < answer.seen_at - OLDEST:
                return (), newest is not None
            if not unseen:
                return (), False
        carry = {"page": str(number + 1), "before": str(before)}
        if preview.before is None:
            carry["guess"] = "1"
        return (self._page(carry, back=unseen),), False

    def _doubts(self, answer: Answer, marks: Marks, preview: Preview, numbers: list[int], number: int) -> list[int]:
        """Messages that were here and are not: a gap proves nothing (albums), so each is asked for."""
        if number > PAGES_FOR_EDITS or preview.cut or preview.trouble is not None or not numbers:
            return []
        here = {*numbers, *(one for m in preview.messages for one in m.album)}
        end = _whole(answer.ask.carry.get("before")) or 10**12
        known = {one for n in (1, 2) for one in map(_whole, marks.get(f"ids{n}", "").split(",")) if one is not None}
        old = (
            {_whole(name.removeprefix("doubt")) for name in marks if name.startswith("doubt")} if number == 1 else set()
        )
        missing = {one for one in known if numbers[0] <= one < end and one not in here}
        missing |= {one for one in old if one is not None and one not in here}
        return sorted(missing, reverse=True)[:MOST_DOUBTS]

    def _fate(self, answer: Answer) -> Page:
        number = _whole(answer.ask.carry.get("number"))
        if number is None:
            return Page(oddities={"fate_unknown": 1})
        found = fate(answer.body, answer.headers, self._name, number)
        if found is Fate.UNKNOWN:
            return Page(oddities={"fate_unknown": 1})
        gone: tuple[Gone, ...] = ()
        if found is Fate.GONE:
            version, at = removed("gone", answer.seen_at), revision(answer.seen_at, answer.seen_at)
            gone = (Gone(Source.TELEGRAM_POST, f"{self._name.lower()}/{number}", version, at),)
        return Page(gone=gone, marks={f"doubt{number}": ""})

    def _page(self, carry: dict[str, str], *, back: bool = False) -> Ask:
        params = {"before": carry["before"]} if "before" in carry else {}
        return Ask(
            f"{self._server}/s/{self._name}",
            params=params,
            headers={"Accept-Language": "en"},  # the word `edited` comes in the reader's language
            step="page",
            carry=carry,
            follow=False,  # whoever has no preview is sent to a landing page that looks alike for all
            back=back,
        )

    def _ask_fate(self, number: int) -> Ask:
        return Ask(
            f"{self._server}/{self._name}/{number}",
            params={"embed": "1"},
            headers={"Accept-Language": "en"},
            step="fate",
            carry={"number": str(number)},
            follow=False,
        )


def _post(message: Message) -> UnmaskedPost:
    native_id = f"{message.name}/{message.number}"
    return UnmaskedPost(
        source=Source.TELEGRAM_POST,
        native_id=native_id,
        version=digest(f"{message.edited:d}", message.text),
        revision=0,  # an edit bears no date
        text=message.text,
        posted_at=message.posted_at,
        link=f"{WEB}/{native_id}",
        edited=message.edited,
    )


def _aside(block: Element) -> SetAside:
    return SetAside(
        Refused(DeadReason.SCHEMA, "message", "collectors/readers/telegram/message.py"),
        markup(block),
    )


def _oddities(preview: Preview) -> dict[str, int]:
    kinds = Counter(message.kind for message in preview.messages)
    return _counted(
        service_message=kinds[Kind.SERVICE],
        no_text=kinds[Kind.MEDIA_ALONE],
        unreadable=len(preview.unreadable),
        no_time=sum(m.kind is Kind.WORDS and m.posted_at is None for m in preview.messages),
        invalid_utf8=int(preview.damaged),
        cut_off=int(preview.cut),
    )


def _counted(**counts: int) -> dict[str, int]:
    return {code: count for code, count in counts.items() if count}


def _whole(text: str | None) -> int | None:
    return int(text) if text and len(text) <= 12 and text.isascii() and text.isdigit() else None
