"""What the YouTube Data API's answers mean to us. Its answers here are invented, in the documented shapes."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.health import HealthState
from collectors.readers.reader import AddressWrong, Answer, Ask, Page, Reader
from collectors.readers.youtube.quota import seconds_to_reset
from collectors.readers.youtube.reader import YouTubeReader, youtube_reader
from signals.post import Source
from tests.collectors.readers.mangling import ODD, loaded, nested, places, put, without

HERE = Path(__file__).parent
SEEN = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHANNEL = "UCqzcanary7qzcanary7qzca"
UPLOADS = "UUqzcanary7qzcanary7qzca"
KEY = {"youtube-api-key": "qzsecret"}
READER = youtube_reader(f"channel:{CHANNEL}", KEY)
VIDEOS = tuple(f"vid0000000{n}" for n in range(1, 9))
ASKS: dict[str, Ask] = {
    "channels.json": READER.first({}),
    "playlist_items.json": READER.first({"uploads": UPLOADS}),
    "search.json": youtube_reader("search:drill zaandam", KEY).first({}),
    "videos.json": READER.calls.videos(VIDEOS)[0],
    "comment_threads.json": READER.calls.threads("vid00000001", "3"),
    "comments.json": READER.calls.replies("UgxqzA1111111111111AaABAg", "vid00000001"),
    "comment_threads_html.json": READER.calls.threads("vid00000001", "1"),
}
FILES = {name: loaded(HERE / name) for name in ASKS}
ERRORS = loaded(HERE / "errors.json")


def answer(ask: Ask, said: object, status: int = 200, **headers: str) -> Answer:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return Answer(ask, status, headers, body, ask.url, SEEN)


def read(name: str, reader: Reader = READER, **marks: str) -> Page:
    return reader.read(answer(ASKS[name], FILES[name]), marks)


def error(name: str, ask: Ask = ASKS["comment_threads.json"]) -> Page | None:
    assert isinstance(ERRORS, dict)
    status, said = ERRORS[name]
    return READER.refusal(answer(ask, said, status), {})


def everything(page: Page) -> str:
    posts = [(p.native_id, p.version, p.text, p.link, p.hashtags, p.lang) for p in page.posts]
    aside = [(one.raw, str(one.refused)) for one in page.set_aside]
    return repr((posts, aside, page.marks, [(g.native_id, g.version) for g in page.gone], page.reason, page.oddities))


def test_a_reader_keeps_the_promise_of_every_reader() -> None:
    reader: Reader = youtube_reader("video:vid00000001", {})
    assert reader.first({}).params["id"] == "vid00000001"
    assert repr(reader) == "YouTubeReader(video)"


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        (f"channel:{CHANNEL}", "channel"),
        (f"https://www.youtube.com/channel/{CHANNEL}/videos", "channel"),
        ("https://youtube.com/@voorbeeldlabel", "handle"),
        ("playlist:PLvoorbeeld123", "playlist"),
        ("https://www.youtube.com/playlist?list=PLvoorbeeld123", "playlist"),
        ("https://www.youtube.com/watch?v=vid00000001&t=5", "video"),
        ("https://youtu.be/vid00000001", "video"),
        ("https://www.youtube.com/shorts/vid00000001", "video"),
        ("search: drill zaandam", "search"),
    ],
)
def test_a_seed_is_written_as_people_write_it(address: str, kind: str) -> None:
    assert youtube_reader(address, {}).seed.kind == kind


@pytest.mark.parametrize(
    "address", ["", "channel:x", "https://example.org/@iemand", "user:qzcanary7", "http://[", "video:"]
)
def test_another_address_is_refused_without_being_quoted(address: str) -> None:
    with pytest.raises(AddressWrong) as wrong:
        youtube_reader(address, {})
    assert "qzcanary7" not in str(wrong.value)


def test_the_key_never_stands_in_an_address() -> None:
    for ask in ASKS.values():
        assert ask.headers == {"X-Goog-Api-Key": "qzsecret"}
        assert "qzsecret" not in repr((ask, ask.url, ask.params, ask.carry))


def test_a_channel_leads_to_its_uploads_and_they_to_the_videos_and_they_to_comments() -> None:
    uploads = read("channels.json")
    assert uploads.marks == {"uploads": UPLOADS}
    assert uploads.next[0].params["playlistId"] == UPLOADS
    listed = read("playlist_items.json")
    assert listed.next[0].params["id"] == "vid00000001,vid00000002,vid00000003"
    assert (listed.next[1].params["pageToken"], listed.next[1].back) == ("EAAaBlBUOkNBTQ", True)
    assert listed.marks["newest"] == "2026-11-21T17:00:00Z"
    videos = read("videos.json")
    assert [ask.params["videoId"] for ask in videos.next] == ["vid00000001"]
    assert videos.next[0].params["textFormat"] == "plainText"


def test_a_video_is_its_title_and_description_and_no_author() -> None:
    page = read("videos.json")
    first, second, old = page.posts
    assert first.text == "Jij & ik < 't station 🚉\n\nOm vijf uur.\n\nNeem iedereen mee &amp; zwijg."
    assert (first.source, first.native_id, first.lang) == (Source.YOUTUBE_VIDEO, "vid00000001", "nl")
    assert first.link == "https://www.youtube.com/watch?v=vid00000001"
    assert first.hashtags == ("drill", "zaandam")
    assert (first.posted_at, first.revision) == (datetime(2026, 11, 21, 17, tzinfo=UTC), 0)
    assert second.text == "كليب جديد قريباً\n\nشكراً للجميع"
    assert old.native_id == "vid00000004"
    assert "qzcanary" not in everything(page)


def test_what_is_not_for_everyone_is_left_out_and_taken_away() -> None:
    page = read("videos.json")
    assert page.oddities == {"not_public": 1, "made_for_kids": 1, "age_gate": 1, "comments_disabled": 1}
    withheld = {"vid00000005", "vid00000006", "vid00000007"}
    assert {gone.native_id for gone in page.gone} >= withheld
    assert not withheld & {post.native_id for post in page.posts}


def test_a_video_that_was_asked_and_is_not_there_is_gone() -> None:
    gone = {one.native_id: one.version for one in read("videos.json").gone}
    assert gone["vid00000003"] == "removed:gone:2026-11-22"
    assert "vid00000001" not in gone
    ask = READER.calls.videos(["vid00000001"])[0]
    empty = {"kind": "youtube#videoListResponse", "etag": "x", "items": [], "pageInfo": {"totalResults": 0}}
    assert [one.native_id for one in READER.read(answer(ask, empty), {}).gone] == ["vid00000001"]


def test_nothing_is_called_gone_by_an_answer_that_cannot_be_told() -> None:
    whole = FILES["videos.json"]
    for odd in (None, 7, "another-video"):
        page = READER.read(answer(ASKS["videos.json"], put(whole, ("items", 0, "id"), odd)), {})
        assert {one.version for one in page.gone} <= {
            f"removed:{reason}:2026-11-22" for reason in ("not_public", "made_for_kids", "age_gate")
        }
    assert READER.read(answer(ASKS["videos.json"], {"items": None}), {}).gone == ()


def test_numbers_of_views_make_no_new_version_and_other_words_do() -> None:
    whole = FILES["videos.json"]
    page = read("videos.json")
    viewed = put(put(whole, ("items", 0, "etag"), "new"), ("items", 0, "statistics", "viewCount"), "99999")
    edited = put(whole, ("items", 0, "snippet", "description"), "Toch om zes uur.")
    assert READER.read(answer(ASKS["videos.json"], viewed), {}).posts[0].version == page.posts[0].version
    assert READER.read(answer(ASKS["videos.json"], edited), {}).posts[0].version != page.posts[0].version


def test_comments_are_asked_again_only_when_their_number_changed() -> None:
    ask = ASKS["videos.json"]
    assert READER.read(answer(ask, FILES["videos.json"]), {"n:vid00000001": "3|2026-11-22T10:00:00+00:00"}).next == ()
    assert len(READER.read(answer(ask, FILES["videos.json"]), {"n:vid00000001": "2|"}).next) == 1


def test_comments_and_replies_are_read_without_their_authors() -> None:
    page = read("comment_threads.json")
    assert [post.text for post in page.posts] == [
        "Morgen bij de brug, @iemand &lt;3",
        "Wie komt er nog meer? 😶‍🌫️",
        "Ik niet",
        "Hard nummer (edit: typefout)",
        "שלום לכולם",
    ]
    assert {post.source for post in page.posts} == {Source.YOUTUBE_COMMENT}
    assert page.posts[1].link == "https://www.youtube.com/watch?v=vid00000001&lc=UgxqzA1111111111111AaABAg.9aa"
    edited = page.posts[3]
    assert (edited.edited, edited.version) == (True, "2026-11-21T19:00:00Z")
    assert datetime.fromtimestamp(edited.revision / 1e6, UTC) == datetime(2026, 11, 21, 19, tzinfo=UTC)
    assert "qzcanary" not in everything(page)


def test_replies_that_a_thread_does_not_carry_are_asked_for() -> None:
    replies, older = read("comment_threads.json").next
    assert (replies.step, replies.params["parentId"]) == ("replies", "UgxqzA1111111111111AaABAg")
    assert (older.step, older.back) == ("threads", True)
    page = read("comments.json")
    assert page.posts[1].link == "https://www.youtube.com/watch?v=vid00000001&lc=UgxqzA1111111111111AaABAg.9ac"


def test_older_comments_are_left_alone_once_they_were_read() -> None:
    page = read("comment_threads.json", **{"n:vid00000001": "2|2026-11-22T10:31:00+00:00"})
    assert page.next == ()
    assert page.marks == {"n:vid00000001": "3|2026-11-22T10:31:00+00:00"}


def test_markup_in_comments_is_read_once_as_words() -> None:
    assert [post.text for post in read("comment_threads_html.json").posts] == ["1:01 jij & ik\n't station <3"]


def test_what_was_listed_before_is_looked_at_again() -> None:
    page = read("playlist_items.json", recent="vid00000008,vid00000001", **{"n:vid00000009": "1|"})
    assert page.next[0].carry["ids"] == "vid00000001,vid00000002,vid00000003,vid00000008"
    assert page.marks["n:vid00000009"] == ""


def test_a_list_is_read_back_no_further_than_young_videos() -> None:
    old = json.loads(json.dumps(FILES["playlist_items.json"]).replace("2026-11-1", "2026-10-1"))
    assert [ask.step for ask in READER.read(answer(ASKS["playlist_items.json"], old), {}).next] == ["videos"]


def test_a_search_gives_numbers_of_videos_only() -> None:
    search = youtube_reader("search:drill zaandam", KEY)
    page = search.read(answer(ASKS["search.json"], FILES["search.json"]), {})
    assert page.posts == ()
    assert page.oddities == {"no_video_id": 1}
    assert [ask.step for ask in page.next] == ["videos", "search"]
    assert search.first(page.marks).params["publishedAfter"] == "2026-11-21T17:00:00Z"


@pytest.mark.parametrize(
    ("name", "state", "reason"),
    [
        ("quotaExceeded", HealthState.SLOWED, "quota_exceeded"),
        ("searchPerDay", HealthState.SLOWED, "quota_exceeded"),
        ("userRateLimitExceeded", HealthState.SLOWED, "rate_limited"),
        ("playlistNotFound", HealthState.BLOCKED, "playlist_gone"),
        ("keyInvalid", HealthState.BLOCKED, "key_invalid"),
        ("accessNotConfigured", HealthState.BLOCKED, "access_not_configured"),
        ("token", HealthState.BLOCKED, "token_refused"),
        ("commentsDisabled", HealthState.OK, ""),
        ("videoNotFound", HealthState.OK, ""),
    ],
)
def test_an_error_means_what_the_documentation_says(name: str, state: HealthState, reason: str) -> None:
    page = error(name)
    assert page is not None
    assert (page.state, page.reason, page.cost) == (state, reason, 1)
    assert READER.read(answer(ASKS["comment_threads.json"], ERRORS[name][1]), {}).state is state  # type: ignore[index]


def test_a_spent_quota_waits_for_midnight_in_california() -> None:
    page = error("quotaExceeded")
    assert page is not None
    assert 0 <= page.wait - 20 * 3600 <= 1  # it is 04:00 there
    spring = datetime(2027, 3, 14, 9, tzinfo=UTC)  # 01:00, an hour before the clocks go forward
    assert 0 <= seconds_to_reset(spring) - 22 * 3600 <= 1


def test_a_video_without_comments_and_a_missing_one_leave_the_visit_going() -> None:
    disabled, missing = error("commentsDisabled"), error("videoNotFound")
    assert disabled is not None
    assert disabled.oddities == {"comments_disabled": 1}
    assert missing is not None
    assert [gone.native_id for gone in missing.gone] == ["vid00000001"]


def test_a_stale_page_token_is_left_out_once() -> None:
    stale = READER.calls.playlist(UPLOADS, "old", uploads=True)
    page = error("invalidPageToken", stale)
    assert page is not None
    assert "pageToken" not in page.next[0].params
    assert error("invalidPageToken", page.next[0]) is None


@pytest.mark.parametrize(
    ("body", "state", "reason"),
    [
        (b"", HealthState.MISPARSED, "empty_body"),
        (b'{"items": [', HealthState.MISPARSED, "not_json"),
        (nested(100_000), HealthState.MISPARSED, "too_deep"),
        (b"[]", HealthState.MISPARSED, "no_items"),
        (b"{}", HealthState.MISPARSED, "no_items"),
        (b'{"items": {}}', HealthState.MISPARSED, "no_items"),
        (b'{"items": [1, null, []]}', HealthState.MISPARSED, "no_text"),
        (b"<html><title>Sorry</title>", HealthState.MISPARSED, "html_page"),
        (b"\xef\xbb\xbf <!doctype html><p>Before you continue to YouTube", HealthState.BLOCKED, "cookie_wall"),
        (b"<html><a href=https://accounts.google.com/ServiceLogin>", HealthState.BLOCKED, "login_wall"),
        (b"<html>our systems have detected unusual traffic", HealthState.BLOCKED, "bot_wall"),
    ],
)
def test_an_answer_that_is_no_list_has_its_own_reason(body: bytes, state: HealthState, reason: str) -> None:
    page = READER.read(answer(ASKS["comment_threads.json"], body), {})
    assert (page.state, page.reason) == (state, reason)


def test_an_empty_list_is_no_change_of_form_and_lost_words_are() -> None:
    ask, whole = ASKS["comment_threads.json"], FILES["comment_threads.json"]
    empty = {"kind": "youtube#commentThreadListResponse", "etag": "x", "pageInfo": {"totalResults": 0}}
    assert READER.read(answer(ask, {**empty, "items": []}), {}).state is HealthState.OK
    assert READER.read(answer(ask, empty), {}).state is HealthState.OK
    renamed = json.dumps(whole).replace('"textDisplay"', '"text2"').replace('"textOriginal"', '"text3"')
    assert READER.read(answer(ask, renamed.encode()), {}).state is HealthState.MISPARSED


def test_one_bad_item_is_set_aside_without_its_author_and_the_rest_goes_on() -> None:
    bad = put(FILES["comment_threads.json"], ("items", 0, "snippet", "topLevelComment", "id"), ["x"])
    page = READER.read(answer(ASKS["comment_threads.json"], bad), {})
    assert len(page.posts) == 4
    (aside,) = page.set_aside
    assert aside.refused.field_path == "items.0.snippet.topLevelComment.id"
    assert b"brug" in aside.raw
    assert "qzcanary" not in everything(page)


def test_damaged_bytes_cost_only_their_own_item() -> None:
    body = json.dumps(FILES["comment_threads.json"], ensure_ascii=False).encode().replace(b"Ik niet", b"Ik \xff niet")
    page = READER.read(answer(ASKS["comment_threads.json"], b"\xef\xbb\xbf" + body), {})
    assert len(page.posts) == 4
    assert page.oddities["invalid_utf8"] == 1
    assert len(page.set_aside) == 1


def test_long_texts_and_odd_dates_are_kept_as_they_are() -> None:
    whole = put(FILES["comments.json"], ("items", 0, "snippet", "textOriginal"), "vijf uur " * 12_000)
    whole = put(whole, ("items", 1, "snippet", "publishedAt"), "1970-01-01T00:00:00Z")
    whole = put(whole, ("items", 1, "snippet", "updatedAt"), "2099-01-01T00:00:00Z")
    first, second = READER.read(answer(ASKS["comments.json"], whole), {}).posts
    assert len(first.text) > 100_000
    assert second.posted_at == datetime(1970, 1, 1, tzinfo=UTC)
    assert second.revision == SEEN.timestamp() * 1e6


def test_a_comment_that_was_asked_and_is_not_there_is_gone() -> None:
    ask = READER.recheck(comments=["UgxqzA1111111111111AaABAg.9aa", "UgxqzA1111111111111AaABAg.9ac", "UgxGone"])[0]
    assert [g.native_id for g in READER.read(answer(ask, FILES["comments.json"]), {}).gone] == ["UgxGone"]


def test_each_call_tells_what_it_cost() -> None:
    assert read("search.json").cost == 100
    assert {read(name).cost for name in FILES if name != "search.json"} == {1}
    for ask in ASKS.values():
        assert READER.read(answer(ask, b"<html>"), {}).cost == READER.read(answer(ask, ERRORS), {}).cost >= 1


@settings(max_examples=400, deadline=2000)
@given(st.data())
def test_any_value_in_any_place_of_an_answer_is_survived(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FILES)))
    place = data.draw(st.sampled_from(places(FILES[name])))
    drop = bool(place) and data.draw(st.booleans())
    mangled = without(FILES[name], place) if drop else put(FILES[name], place, data.draw(ODD))
    marks = data.draw(st.dictionaries(st.sampled_from(["n:vid00000001", "recent", "newest", "uploads"]), st.text()))
    page = READER.read(answer(ASKS[name], mangled), marks)
    assert "qzcanary" not in everything(page).replace(UPLOADS, "").replace(CHANNEL, "")
    READER.refusal(answer(ASKS[name], mangled, 403), marks)
    READER.first({**marks, **page.marks})


@settings(max_examples=200, deadline=2000)
@given(st.data())
def test_any_error_and_any_bytes_are_survived(data: st.DataObject) -> None:
    said = put(ERRORS, data.draw(st.sampled_from(places(ERRORS))), data.draw(ODD))
    body = data.draw(st.binary() | st.just(json.dumps(said).encode()) | st.text().map(str.encode))
    for ask in ASKS.values():
        READER.read(answer(ask, body), {})
        READER.refusal(answer(ask, body, 403), {})


def test_an_answer_of_five_megabytes_takes_seconds_at_most() -> None:
    thread = FILES["comment_threads.json"]["items"][1]  # type: ignore[index]
    many = {"items": [thread] * 3000}
    started = time.process_time()
    assert len(READER.read(answer(ASKS["comment_threads.json"], many), {}).posts) == 3000
    for body in (
        b'{"items":[' + b"[" * 900 + b"1" * 4_000_000,
        b"<" * 5_000_000,
        b'{"items":["' + b"<a href=" * 600_000,
    ):
        READER.read(answer(ASKS["comment_threads.json"], body), {})
    shown = ("items", 0, "snippet", "topLevelComment", "snippet", "textDisplay")
    for nasty in ("<!", "<![", "<a ", '<a href="', "<!--", "&#", "</", "<script>", "<div>", "<br> "):
        html = put(FILES["comment_threads_html.json"], shown, "<br>" + nasty * 50_000)
        READER.read(answer(ASKS["comment_threads_html.json"], html), {})
    assert time.process_time() - started < 10


def test_a_reader_made_by_hand_uses_the_address_it_is_given() -> None:
    near = replace(READER, calls=replace(READER.calls, base="http://127.0.0.1:9/youtube/v3"))
    assert isinstance(near, YouTubeReader)
    assert near.first({}).url == "http://127.0.0.1:9/youtube/v3/channels"
