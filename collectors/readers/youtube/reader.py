"""Reads YouTube through its Data API: a channel's or playlist's videos, a search, and the comments under young videos.

It never downloads sound, image or captions, and knows no quota but what each answer cost.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from collectors.health import HealthState
from collectors.moments import moment
from collectors.readers.found import Found
from collectors.readers.lenient_json import Fields, fields, items, load
from collectors.readers.lenient_models import fitted
from collectors.readers.reader import Answer, Ask, Marks, Page, Secrets
from collectors.readers.youtube.calls import BASE, ID, SECRET, SERVER, Calls, YouTubeSeed, seed
from collectors.readers.youtube.comment import comment_gone, read_comment, read_thread
from collectors.readers.youtube.quota import COSTS, cost
from collectors.readers.youtube.refusal import DAY, marks_of, refusal
from collectors.readers.youtube.video import Video, playlist_ids, search_ids, video_gone, video_post

YOUNG = timedelta(days=14)
"""Comments are read under videos younger than this, and a channel's list is read back this far."""

_RECENT = 50


@dataclass(frozen=True, slots=True, repr=False)
class YouTubeReader:
    """Reads one seed. Marks: `uploads` (a channel's playlist), `recent` (videos to look at again), `newest` (when the
    newest video was published), and `n:VIDEO` (how many comments it had, and when the newest was written)."""

    seed: YouTubeSeed
    calls: Calls
    costs: Mapping[str, int] = field(default_factory=lambda: COSTS)
    young: timedelta = YOUNG

    def __repr__(self) -> str:
        return f"YouTubeReader({self.seed.kind})"

    def first(self, marks: Marks) -> Ask:
        """The list of the seed's videos, or the one video that it is."""
        kind, value = self.seed.kind, self.seed.value
        if kind == "video":
            return self.calls.videos([value])[0]
        if kind == "search":
            return self.calls.search(value, after=marks.get("newest", ""))
        if kind == "playlist":
            return self.calls.playlist(value)
        uploads = marks.get("uploads", "")
        return self.calls.playlist(uploads, uploads=True) if uploads else self.calls.channel(self.seed)

    def read(self, answer: Answer, marks: Marks) -> Page:
        """What an answer says."""
        units, loaded = self._cost(answer), load(answer)
        if isinstance(loaded, Page):
            return replace(loaded, cost=units)
        said = loaded.value
        if isinstance(said, dict) and "error" in said:
            return refusal(answer, units) or Page(state=HealthState.FAILING, reason="error_body", cost=units)
        listed = said.get("items") if isinstance(said, dict) else None
        if not isinstance(said, dict) or not _is_list(said):
            return Page(state=HealthState.MISPARSED, reason="no_items", cost=units)
        steps: dict[str, _Step] = {
            "channel": self._channel,
            "uploads": self._list,
            "playlist": self._list,
            "search": self._list,
            "videos": self._videos,
            "threads": self._threads,
            "replies": self._replies,
            "recheck": self._recheck,
        }
        step = steps.get(answer.ask.step)
        if step is None:
            return Page(state=HealthState.FAILING, reason="unknown_step", cost=units)
        return step(_Said(answer, said, items(listed), units, Found(oddities=loaded.oddities())), marks)

    def refusal(self, answer: Answer, marks: Marks) -> Page | None:
        """What an error means."""
        return refusal(answer, self._cost(answer))

    def _cost(self, answer: Answer) -> int:
        return cost(answer.ask.carry.get("method", ""), self.costs)

    def _channel(self, said: "_Said", marks: Marks) -> Page:
        if not said.items:
            return Page(state=HealthState.BLOCKED, reason="channel_gone", wait=DAY, cost=said.cost)
        playlists = fields(fields(fields(said.items[0]).get("contentDetails")).get("relatedPlaylists"))
        uploads = playlists.get("uploads")
        if not isinstance(uploads, str) or not ID.match(uploads):
            return Page(state=HealthState.MISPARSED, reason="no_uploads", cost=said.cost)
        return Page(marks={"uploads": uploads}, next=(self.calls.playlist(uploads, uploads=True),), cost=said.cost)

    def _list(self, said: "_Said", marks: Marks) -> Page:
        """A page of videos by number. The videos themselves are asked, with those that stood here the last time."""
        step, first_page = said.answer.ask.step, "pageToken" not in said.answer.ask.params
        dated = search_ids(said.items) if step == "search" else playlist_ids(said.items)
        if said.items and not dated:
            return Page(state=HealthState.MISPARSED, reason="no_video_ids", cost=said.cost)
        unread = len(said.items) - len(dated)
        listed = [one for one, _ in dated]
        remembered = [one for one in marks.get("recent", "").split(",") if one] if first_page else []
        laid: dict[str, str] = {}
        if first_page:
            kept = list(dict.fromkeys((*listed, *remembered)))[:_RECENT]
            laid["recent"] = ",".join(kept)
            laid |= {mark: "" for mark in marks if mark.startswith("n:") and mark[2:] not in kept}
        past = [at for _, at in dated if at is not None and at <= said.answer.seen_at]
        if first_page and past:
            laid["newest"] = max(past).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Page(
            marks=laid,
            next=(*self.calls.videos((*listed, *remembered)), *self._next_list(said, [at for _, at in dated if at])),
            oddities={"no_video_id": unread} if unread else {},
            cost=said.cost,
        )

    def _next_list(self, said: "_Said", dates: list[datetime]) -> tuple[Ask, ...]:
        token, step = said.token(), said.answer.ask.step
        if not token:
            return ()
        if step == "search":
            return (self.calls.search(self.seed.value, said.answer.ask.params.get("publishedAfter", ""), token),)
        playlist = said.answer.ask.params.get("playlistId", "")
        # Uploads stand newest first; a list that someone made by hand stands in any order.
        if step == "uploads" and dates and min(dates) < said.answer.seen_at - self.young:
            return ()
        return (self.calls.playlist(playlist, token, uploads=step == "uploads"),)

    def _videos(self, said: "_Said", marks: Marks) -> Page:
        found, seen_at = said.found, said.answer.seen_at
        then: list[Ask] = []
        laid: dict[str, str] = {}
        for number, item in enumerate(said.items):
            found.items += 1
            video = fitted(Video, item, found.aside, f"items.{number}")
            if video is None:
                continue
            if video.withheld:
                found.leave_out(video.withheld, video_gone(video.id, seen_at, video.withheld))
                continue
            post = video_post(video)
            if post is None:
                found.oddities["no_text"] += 1
                continue
            found.posts.append(post)
            then += self._comments_of(video, post.posted_at, seen_at, marks, found)
        missing = said.missing()
        found.gone += [video_gone(one, seen_at) for one in missing]
        laid |= {f"n:{one}": "" for one in missing if f"n:{one}" in marks}
        return found.page(laid, tuple(then), said.cost)

    def _comments_of(
        self, video: Video, posted_at: datetime | None, seen_at: datetime, marks: Marks, found: Found
    ) -> tuple[Ask, ...]:
        """Comments are asked under young videos, and only when their number changed: every page costs quota."""
        if posted_at is not None and posted_at < seen_at - self.young:
            return ()
        count = video.comment_count
        if video.statistics is not None and count is None:
            found.oddities["comments_disabled"] += 1
            return ()
        if count == "0" or (count is not None and marks.get(f"n:{video.id}", "").startswith(f"{count}|")):
            return ()
        return (self.calls.threads(video.id, count or ""),)

    def _threads(self, said: "_Said", marks: Marks) -> Page:
        found, carry = said.found, said.answer.ask.carry
        video = carry.get("video", "")
        before = moment(marks.get(f"n:{video}", "").partition("|")[2])
        then: list[Ask] = []
        for number, item in enumerate(said.items):
            inner = Found()
            parent, more = read_thread(item, inner, f"items.{number}", video, said.answer.seen_at)
            found.add(inner)
            # A thread whose replies are older than the last visit was read then.
            if more and parent and (before is None or inner.newest is None or inner.newest > before):
                then.append(self.calls.replies(parent, video))
        token = said.token()
        if token and (before is None or found.oldest is None or found.oldest > before):
            then.append(self.calls.threads(video, carry.get("count", ""), token))
        laid = {}
        if "pageToken" not in said.answer.ask.params:
            newest = found.newest or before
            laid = marks_of(video, carry.get("count", ""), newest.isoformat() if newest else "")
        return found.page(laid, tuple(then), said.cost, strict=False)

    def _replies(self, said: "_Said", marks: Marks) -> Page:
        found, carry = said.found, said.answer.ask.carry
        self._read_comments(said, carry.get("video"))
        token = said.token()
        then = (self.calls.replies(carry.get("parent", ""), carry.get("video", ""), token),) if token else ()
        return found.page({}, then, said.cost, strict=False)

    def _recheck(self, said: "_Said", marks: Marks) -> Page:
        """Comments asked by number: those that are not there are gone."""
        found = said.found
        self._read_comments(said, None)
        found.gone += [comment_gone(one, said.answer.seen_at) for one in said.missing()]
        return found.page({}, (), said.cost, strict=False)

    def _read_comments(self, said: "_Said", video: str | None) -> None:
        for number, item in enumerate(said.items):
            read_comment(item, said.found, f"items.{number}", video, said.answer.seen_at)

    def recheck(self, comments: Iterable[str] = (), videos: Iterable[str] = ()) -> tuple[Ask, ...]:
        """The requests that tell which of these are still there."""
        return (*self.calls.comments(comments), *self.calls.videos(videos))


@dataclass(frozen=True, slots=True, repr=False)
class _Said:
    """One answer, opened."""

    answer: Answer
    whole: Fields
    items: list[object]
    cost: int
    found: Found

    def missing(self) -> list[str]:
        """What was asked by number and is not there; nothing when an item cannot be told, for it may be that one."""
        asked = [one for one in self.answer.ask.carry.get("ids", "").split(",") if one]
        shown = {str(fields(item).get("id")) for item in self.items}
        return [one for one in asked if one not in shown] if shown <= set(asked) else []

    def token(self) -> str:
        """The next page's token, unless it is the one that was just used."""
        token = self.whole.get("nextPageToken")
        used = self.answer.ask.params.get("pageToken")
        return token if isinstance(token, str) and 0 < len(token) <= 4096 and token != used else ""


_Step = Callable[[_Said, Marks], Page]


def _is_list(said: Fields) -> bool:
    """An empty channel's answer leaves `items` out altogether; its kind still says that it is a list."""
    kind = said.get("kind")
    listed = isinstance(kind, str) and kind.startswith("youtube#") and kind.endswith("ListResponse")
    return isinstance(said.get("items"), list) or ("items" not in said and listed)


def youtube_reader(address: str, secrets: Secrets) -> YouTubeReader:
    """A reader of one seed. Raises `AddressWrong`."""
    return YouTubeReader(seed(address), Calls(secrets.get(SECRET, ""), secrets.get(SERVER, BASE)))
