"""Reads the public posts of a hashtag or of an approved account from a Mastodon-compatible server, oldest unread first.

What the server closes to people without an account is not asked for: its own description is read first. A first visit
reads from the newest post back, at most thirty days.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import quote, unquote, urlsplit

from collectors.health import HealthState
from collectors.moments import moment
from collectors.readers.lenient_json import fields, load, set_aside, words
from collectors.readers.mastodon import openness
from collectors.readers.mastodon.consent import objection
from collectors.readers.mastodon.paging import bound, newer_than, older_than
from collectors.readers.mastodon.software import says_the_same_of_everyone
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
_SAME = {"same": "true"}
"""Goes with requests to software that says the same of everyone. Its numbers change with every edit, and nothing stands
above the number of a purged post; an account comes whole. So it is read from the newest post back to a known one."""
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
        if answer.ask.step == "feed":  # it is there; what it says is read from the API
            return self._onward(self._ask("", {**answer.ask.carry, **_SAME}), answer)
        loaded = load(answer)
        if isinstance(loaded, Page):
            return loaded
        if answer.ask.step == "instance":
            return self._instance(loaded.value, marks, answer)
        if answer.ask.step == "lookup":
            return self._lookup(loaded.value, marks, answer)
        if answer.ask.step == "actor":
            return openness.closed(loaded.value) or self._onward(openness.ask_feed(answer), answer)
        return self._statuses(loaded.value, answer, marks, loaded.oddities())

    def refusal(self, answer: Answer, marks: Marks) -> Page | None:
        """An older server does not describe itself, and some say 404 where a hashtag has no posts."""
        if answer.status == 404 and answer.ask.step == "instance":
            return replace(self._to_the_hashtag(marks, {}, answer), oddities={"no_description": 1})
        if answer.ask.step == "feed" and (said := openness.without_feed(answer)):
            return said
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
        return self._to_the_hashtag(marks, carry, answer)

    def _to_the_hashtag(self, marks: Marks, carry: Mapping[str, str], answer: Answer) -> Page:
        if says_the_same_of_everyone(answer):
            return self._where_agreed(self._ask("", {**carry, **_SAME}), answer)
        return self._onward(self._ask(marks.get("min_id", ""), carry), answer)

    def _lookup(self, told: object, marks: Marks, answer: Answer) -> Page:
        number = bound(fields(told).get("id"))
        if number is None:
            return Page(state=HealthState.MISPARSED, reason="error_body" if "error" in fields(told) else "no_account")
        if said := objection(told, "approved", agreed=self.agreed):
            return Page(state=HealthState.BLOCKED, reason=said)
        if not says_the_same_of_everyone(answer):
            return self._onward(self._ask(marks.get("min_id", ""), {"account": number}), answer)
        actor = openness.ask_actor(told, self.server, number)
        if actor is None:
            return Page(state=HealthState.MISPARSED, reason="no_account")
        return self._where_agreed(actor, answer)

    def _where_agreed(self, ask: Ask, answer: Answer) -> Page:
        """Of software that says yes for everyone no post is asked for, unless someone agreed."""
        return self._onward(ask, answer) if self.agreed else Page(state=HealthState.BLOCKED, reason="consent_untold")

    def _statuses(self, told: object, answer: Answer, marks: Marks, oddities: Counter[str]) -> Page:
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
        marks, onward = self._onward_from(told, marks, answer, oddities)
        if _same(answer) and posts:
            oddities["unlisted_untold"] += len(posts)
        return Page(
            posts=tuple(posts),
            gone=tuple(gone),
            set_aside=tuple(aside),
            marks=marks,
            next=onward.next,
            oddities=oddities,
            wait=wait(answer.headers, answer.seen_at),
            gap=onward.gap,
        )

    def _onward_from(
        self, told: list[object], marks: Marks, answer: Answer, oddities: Counter[str]
    ) -> tuple[Marks, Page]:
        """What to remember, and the page to read next."""
        back, forward = answer.ask.params.get("max_id"), answer.ask.params.get("min_id")
        if _same(answer):
            uris = [words(fields(_without_boost(one)).get("uri")) for one in told]
            onward = Page() if marks.get("newest") in uris else self._back(told, answer)
            return {} if back else {"newest": uris[0]}, onward
        newest = None if back else self._bound(told, answer, oddities)
        onward = Page()
        if newest is not None and forward:
            onward = self._onward(self._ask(newest, answer.ask.carry), answer)
        elif not forward:
            onward = self._back(told, answer)
        return {} if newest is None else {"min_id": newest}, onward

    def _back(self, told: list[object], answer: Answer) -> Page:
        """On a first visit: the page with the posts before these. Where the server asks for rest first, that is a gap,
        because the next visit goes forward from the newest."""
        before = older_than(answer.headers.get("link", ""))
        if before is None and "link" not in answer.headers:
            before = bound(fields(told[-1]).get("id"))  # the oldest stands last
        dates = [at for one in told if (at := moment(fields(one).get("created_at"))) is not None]
        far = bool(dates) and max(dates) < answer.seen_at - BACK_FILL
        if before is None or far or before == answer.ask.params.get("max_id"):
            return Page()
        if wait(answer.headers, answer.seen_at):
            return Page(gap=True)
        return Page(next=(self._ask("", answer.ask.carry, max_id=before),))

    def _status(self, one: object, answer: Answer, oddities: Counter[str]) -> UnmaskedPost | Gone | str:
        terms = Terms("discovered" if self.tag else "approved", self.agreed, _same(answer))
        if terms.same_for_all:
            one = _without_boost(one)
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


def _same(answer: Answer) -> bool:
    """Whether the request was made of software that says the same of everyone."""
    return answer.ask.carry.get("same") == "true"


def _without_boost(one: object) -> object:
    """The post itself: such software shows a post that someone boosted as the boost, and not beside it."""
    return fields(one).get("reblog") or one


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
