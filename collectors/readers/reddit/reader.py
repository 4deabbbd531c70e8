"""Reads Reddit through its API, for who was approved to: a subreddit's posts and comments, or one thread.

It keeps no token, and follows no person's page. Kinds of source that need an approval ship disabled.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from collectors.health import HealthState
from collectors.moments import moment
from collectors.readers.found import Found
from collectors.readers.lenient_json import fields, load
from collectors.readers.rate_headers import spent, wait
from collectors.readers.reader import Answer, Ask, Marks, Page, Secrets
from collectors.readers.reddit.calls import FULLNAME, Calls, RedditSeed, seed
from collectors.readers.reddit.feed import read_feed
from collectors.readers.reddit.listing import Listed, listed, read_children
from collectors.readers.reddit.refusal import DAY, TEN_MINUTES, of_error, refusal
from collectors.readers.reddit.thing import thing_gone
from collectors.readers.walls import instead_of_data
from collectors.unmasked import Gone

YOUNG = timedelta(days=14)
"""How far back a first visit reads."""

RECHECK = timedelta(hours=24)
"""How often what was listed lately is asked again, to see what is gone."""

_RECENT = 200
_MOST_TOKEN = 4096


@dataclass(frozen=True, slots=True, repr=False)
class RedditReader:
    """Reads one seed. Marks: `recent:STEP` (what that list showed lately) and `rechecked` (when it was asked again)."""

    seed: RedditSeed
    calls: Calls
    young: timedelta = YOUNG

    def __repr__(self) -> str:
        return f"RedditReader({self.seed.kind})"

    def first(self, marks: Marks) -> Ask:
        """A token for this visit."""
        return self.calls.token()

    def read(self, answer: Answer, marks: Marks) -> Page:
        """What an answer says."""
        page = self._read(answer, marks)
        asked = wait(answer.headers, answer.seen_at, TEN_MINUTES)
        if page.state is HealthState.OK and asked:
            # With requests to come and none left, the visit ends here; the next one finds the rest.
            if page.next and spent(answer.headers):
                return replace(page, state=HealthState.SLOWED, reason="rate_limited", wait=asked)
            return replace(page, wait=asked)
        return page

    def refusal(self, answer: Answer, marks: Marks) -> Page | None:
        """What another status means."""
        return refusal(answer)

    def _read(self, answer: Answer, marks: Marks) -> Page:
        if answer.ask.step == "feed":
            return self._feed(answer)
        loaded = load(answer)
        if isinstance(loaded, Page):
            return loaded
        said = loaded.value
        error = of_error(fields(said), answer)
        if error is not None:
            return error
        if answer.ask.step == "token":
            return self._token(said, answer, marks)
        whole = listed(said)
        if not whole.listings:
            return Page(state=HealthState.MISPARSED, reason="no_listing")
        if "/subreddits/search" in answer.url or any(child.kind == "t5" for child in whole.children):
            # Where a name was never used, Reddit leads on to a search for it.
            return Page(state=HealthState.BLOCKED, reason="not_found", wait=DAY)
        found = Found(oddities=loaded.oddities())
        read_children(whole, found, answer.seen_at, raw=answer.ask.params.get("raw_json") == "1")
        if answer.ask.step == "info":
            found.gone += _missing(answer, whole)
            return found.page({}, ())
        if answer.ask.step not in ("new", "comments"):
            return found.page({}, (), strict=False)
        return self._listing(answer, whole, found, marks)

    def _token(self, said: object, answer: Answer, marks: Marks) -> Page:
        token = fields(said).get("access_token")
        if (
            not isinstance(token, str)
            or not token.isascii()
            or not token.isprintable()
            or not 0 < len(token) < _MOST_TOKEN
        ):
            return Page(state=HealthState.MISPARSED, reason="no_token")
        if self.seed.kind == "thread":
            return Page(next=(self.calls.thread(self.seed.value, token),))
        if self.seed.kind == "feed":
            return Page(next=(self.calls.feed(self.seed.value),))
        then = [self.calls.new(self.seed.value, token), self.calls.comments(self.seed.value, token)]
        rechecked = moment(marks.get("rechecked", ""))
        laid: dict[str, str] = {}
        if rechecked is None or rechecked <= answer.seen_at - RECHECK:
            then += self.calls.info((*recent(marks, "new"), *recent(marks, "comments")), token)
            laid["rechecked"] = answer.seen_at.isoformat()
        return Page(marks=laid, next=tuple(then))

    def _listing(self, answer: Answer, whole: Listed, found: Found, marks: Marks) -> Page:
        step, before = answer.ask.step, recent(marks, answer.ask.step)
        names = [name for name in whole.names() if name]
        laid: dict[str, str] = {}
        if "after" not in answer.ask.params:
            laid[f"recent:{step}"] = ",".join(list(dict.fromkeys((*names, *before)))[:_RECENT])
        then: tuple[Ask, ...] = ()
        if (
            whole.after
            and whole.after != answer.ask.params.get("after")
            and not self._met(names, before, found, answer)
        ):
            ask = self.calls.new if step == "new" else self.calls.comments
            then = (ask(self.seed.value, answer.ask.carry.get("token", ""), whole.after),)
        return found.page(laid, then, strict=False)

    def _met(self, names: list[str], before: list[str], found: Found, answer: Answer) -> bool:
        """Whether this page reaches back to what was read before, or far enough.

        Any of the names that were there will do: the newest of them may be deleted since.
        """
        far = found.oldest is not None and found.oldest < answer.seen_at - self.young
        return far or not set(names).isdisjoint(before)

    def _feed(self, answer: Answer) -> Page:
        found = Found()
        if "noindex" in answer.headers.get("x-robots-tag", "").casefold():
            return Page(state=HealthState.BLOCKED, reason="noindex", wait=DAY)
        walled = instead_of_data(answer)
        if walled is not None and b"<feed" not in answer.body[:4096] and b"<?xml" not in answer.body[:64]:
            return walled
        if not read_feed(answer.body, answer.seen_at, found):
            return Page(state=HealthState.MISPARSED, reason="not_a_feed")
        return found.page({}, (), strict=False)


def _missing(answer: Answer, whole: Listed) -> list[Gone]:
    """What was asked by name and is not shown. An answer that shows nothing, or what cannot be told, proves nothing."""
    asked, shown = [one for one in answer.ask.carry.get("ids", "").split(",") if one], whole.names()
    proves = bool(shown) and None not in shown and set(shown) <= set(asked)
    return [thing_gone(one, answer.seen_at) for one in asked if one not in shown] if proves else []


def recent(marks: Marks, step: str) -> list[str]:
    """What a list showed at the last visits, newest first."""
    return [one for one in marks.get(f"recent:{step}", "").split(",") if FULLNAME.match(one)]


def reddit_reader(address: str, secrets: Secrets) -> RedditReader:
    """A reader of one seed. Raises `AddressWrong`."""
    return RedditReader(seed(address), Calls.with_keys(secrets))
