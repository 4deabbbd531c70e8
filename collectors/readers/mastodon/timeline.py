"""Reads the public posts of a hashtag or of an approved account from a Mastodon-compatible server, oldest unread first.

What the server closes to people without an account is not asked for: its own description is read first. A first visit
reads from the newest post back, at most thirty days.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, unquote, urlsplit

from collectors.health import HealthState
from collectors.moments import moment
from collectors.readers.lenient_json import fields, load, set_aside, words
from collectors.readers.mastodon.consent import objection
from collectors.readers.mastodon.paging import bound, newer_than, older_than
from collectors.readers.mastodon.status import UNREADABLE, Terms, kept, status
from collectors.readers.rate_headers import slowed, wait
from collectors.readers.reader import AddressWrong, Answer, Ask, Marks, Page, Secrets, SetAside
from collectors.refused import Refused
from collectors.unmasked import Gone, UnmaskedPost

PAGE = 40
"""Posts asked for at once, the most that servers give."""
BACK_FILL = timedelta(days=30)
"""The first visit reaches no further into the past."""

_TAG = re.compile(r"/tags?/([^/]{1,300})/?")
_ACCOUNT = re.compile(r"/@([A-Za-z0-9_.-]{1,100}(?:@[A-Za-z0-9.-]{1,253})?)/?")
_AGREED = "agreed:"
"""Before a seed's address: the server's administrator agreed. The order's approvers confirm it with the seed."""
_WRONG = (
    "write a Mastodon seed as https://server/tags/word or https://server/@account,"
    " with agreed: before it when the server's administrator agreed"
)


@dataclass(frozen=True, slots=True, repr=False)
class MastodonTimeline:
    """Reads one hashtag or one account on one server. `agreed` as in `mastodon_consent.objection`."""

    server: str
    tag: str = ""
    account: str = ""
    agreed: bool = False

    def __repr__(self) -> str:
        return "MastodonTimeline(…)"

    def first(self, marks: Marks) -> Ask:
        """What the server says about itself, or which number the account has there."""
        if self.tag:
            return Ask(f"{self.server}/api/v2/instance", step="instance")
        return Ask(f"{self.server}/api/v1/accounts/lookup", {"acct": self.account}, step="lookup")

    def read(self, answer: Answer, marks: Marks) -> Page:
        """What the server, the account or a page of posts says."""
        loaded = load(answer)
        if isinstance(loaded, Page):
            return loaded
        if answer.ask.step == "instance":
            return self._instance(loaded.value, marks, answer)
        if answer.ask.step == "lookup":
            return self._lookup(loaded.value, marks, answer)
        return self._statuses(loaded.value, answer, loaded.oddities())

    def refusal(self, answer: Answer, marks: Marks) -> Page | None:
        """An older server does not describe itself, and some say 404 where a hashtag has no posts."""
        if answer.status == 404 and answer.ask.step == "instance":
            return Page(next=(self._ask(marks.get("min_id", ""), {}),), oddities={"no_description": 1})
        if answer.status == 404 and answer.ask.step == "tag":
            return Page(state=HealthState.NOTHING_NEW, oddities={"unknown_hashtag": 1})
        if answer.status == 422:  # how older servers say that one must log in
            return Page(state=HealthState.BLOCKED, reason="login_needed")
        return slowed(answer)

    def _instance(self, told: object, marks: Marks, answer: Answer) -> Page:
        if not fields(told) or "error" in fields(told):
            return Page(state=HealthState.MISPARSED, reason="error_body" if fields(told) else "no_description")
        access = fields(fields(told).get("configuration")).get("timelines_access")
        local = remote = "public"  # servers that do not know the setting close nothing by it
        if access is not None:
            feeds = fields(fields(access).get("hashtag_feeds"))
            local, remote = words(feeds.get("local")), words(feeds.get("remote"))
        if local != "public":
            return Page(state=HealthState.BLOCKED, reason="timeline_closed")
        carry = {} if remote == "public" else {"local": "true"}
        return self._onward(self._ask(marks.get("min_id", ""), carry), answer)

    def _lookup(self, told: object, marks: Marks, answer: Answer) -> Page:
        number = bound(fields(told).get("id"))
        if number is None:
            return Page(state=HealthState.MISPARSED, reason="error_body" if "error" in fields(told) else "no_account")
        if said := objection(told, "approved", agreed=self.agreed):
            return Page(state=HealthState.BLOCKED, reason=said)
        return self._onward(self._ask(marks.get("min_id", ""), {"account": number}), answer)

    def _statuses(self, told: object, answer: Answer, oddities: Counter[str]) -> Page:
        if not isinstance(told, list):
            return Page(state=HealthState.MISPARSED, reason="error_body" if "error" in fields(told) else "no_list")
        if not told:  # an empty page has no bound; the old one stays
            pause = wait(answer.headers, answer.seen_at)
            return Page(state=HealthState.NOTHING_NEW, oddities=oddities, wait=pause)
        posts: list[UnmaskedPost] = []
        gone: list[Gone] = []
        aside: list[SetAside] = []
        fates: Counter[str] = Counter()
        for one in told:
            try:
                found = self._status(one, answer, oddities)
            except Refused as refused:
                aside.append(set_aside(refused, kept(one)))
                found = "set_aside"
            if isinstance(found, UnmaskedPost):
                posts.append(found)
            elif isinstance(found, Gone):
                gone.append(found)
            else:
                fates[found] += 1
        oddities.update(fates)
        if not posts and not gone and 2 * sum(fates[code] for code in UNREADABLE) > len(told):
            # Asked again next time, so that nothing is passed over and nothing needs to be set aside.
            return Page(oddities=oddities, state=HealthState.MISPARSED, reason="no_item_readable")
        newest = None if answer.ask.params.get("max_id") else self._bound(told, answer, oddities)
        onward = Page()
        if newest is not None and answer.ask.params.get("min_id"):
            onward = self._onward(self._ask(newest, answer.ask.carry), answer)
        elif not answer.ask.params.get("min_id"):
            onward = self._back(told, answer)
        return Page(
            posts=tuple(posts),
            gone=tuple(gone),
            set_aside=tuple(aside),
            marks={} if newest is None else {"min_id": newest},
            next=onward.next,
            oddities=oddities,
            wait=wait(answer.headers, answer.seen_at),
            gap=onward.gap,
        )

    def _back(self, told: list[object], answer: Answer) -> Page:
        """On a first visit: the page with the posts before these. Where the server asks for rest first, that is a gap,
        because the next visit goes forward from the newest."""
        before = older_than(answer.headers.get("link", ""))
        dates = [at for one in told if (at := moment(fields(one).get("created_at"))) is not None]
        far = bool(dates) and max(dates) < answer.seen_at - BACK_FILL
        if before is None or far or before == answer.ask.params.get("max_id"):
            return Page()
        if wait(answer.headers, answer.seen_at):
            return Page(gap=True)
        return Page(next=(self._ask("", answer.ask.carry, max_id=before),))

    def _status(self, one: object, answer: Answer, oddities: Counter[str]) -> UnmaskedPost | Gone | str:
        terms = Terms("discovered" if self.tag else "approved", self.agreed)
        account = fields(fields(one).get("account"))
        if self.account and account and account.get("id") != answer.ask.carry.get("account"):
            return "other_author"
        return status(one, terms, answer.seen_at, oddities)

    def _bound(self, told: list[object], answer: Answer, oddities: Counter[str]) -> str | None:
        """The id from which the next page goes on; None when it does not tell, or leads nowhere."""
        newest = newer_than(answer.headers.get("link", ""))
        if newest is None:
            oddities["no_link"] += 1
            newest = bound(fields(told[0]).get("id"))  # the newest stands first
        if newest is not None and newest == answer.ask.params.get("min_id"):
            oddities["same_bound"] += 1
            return None
        return newest

    def _ask(self, min_id: str, carry: Mapping[str, str], max_id: str = "") -> Ask:
        params = {"limit": str(PAGE)}
        if self.tag:
            url = f"{self.server}/api/v1/timelines/tag/{quote(self.tag, safe='')}"
        else:
            url = f"{self.server}/api/v1/accounts/{quote(carry.get('account', ''), safe='')}/statuses"
            params["exclude_reblogs"] = "true"
        if carry.get("local"):
            params["local"] = "true"
        if min_id:
            params["min_id"] = min_id
        if max_id:
            params["max_id"] = max_id
        return Ask(url, params, step="tag" if self.tag else "statuses", carry=carry, back=bool(max_id))

    def _onward(self, ask: Ask, answer: Answer) -> Page:
        """The next request, or the wait that the server asks for first; marks stay good, for reading goes forward."""
        pause = wait(answer.headers, answer.seen_at)
        return Page(wait=pause) if pause else Page(next=(ask,))


def mastodon_timeline(address: str, secrets: Secrets) -> MastodonTimeline:
    """The reader of a seed: a hashtag's or an account's page on its server. Raises `AddressWrong`."""
    page = address.strip()
    try:
        parts = urlsplit(page.removeprefix(_AGREED))
        known = (
            bool(parts.hostname) and parts.scheme in ("http", "https") and parts.port != 0 and "@" not in parts.netloc
        )
    except ValueError:
        raise AddressWrong(_WRONG) from None
    tag, account = _TAG.fullmatch(parts.path), _ACCOUNT.fullmatch(parts.path)
    word = unquote(tag[1]).strip().removeprefix("#") if tag else ""
    if not known or not (word or account):
        raise AddressWrong(_WRONG)
    return MastodonTimeline(
        f"{parts.scheme}://{parts.netloc}", word, account[1] if account else "", page.startswith(_AGREED)
    )
