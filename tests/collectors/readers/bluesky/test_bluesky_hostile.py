"""Whatever the AppView answers, reading it ends soon, without an exception, and says what it was."""

import json
import time
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from collectors.readers.bluesky import recheck as bluesky_recheck
from collectors.readers.bluesky.author_feed import author_feed
from collectors.readers.bluesky.facets import marked
from collectors.readers.lenient_json import encodable
from collectors.readers.reader import AddressWrong, Page
from tests.collectors.readers.hostile import (
    ANY_JSON,
    answer,
    bodies,
    changed,
    check,
    everywhere,
    places,
    saved,
)

DID = "did:plc:qzcanary7qzcanary7qzcana"
FEED = author_feed(DID, {})
ASK = FEED.first({})
(POSTS_ASK,) = bluesky_recheck.asks([f"{DID}/app.bsky.feed.post/3kaaa"])
WHOLE = saved("bluesky/author_feed.json")
BODY = {**WHOLE, "feed": WHOLE["feed"][:3]}  # type: ignore[dict-item, index, call-overload]
POSTS = saved("bluesky/posts.json")


def read(body: object) -> Page:
    return FEED.read(answer(ASK, body), {"newest": "1"})


@given(st.sampled_from(list(places(BODY))), ANY_JSON)
def test_any_value_in_any_place_of_a_feed(at: tuple[str | int, ...], to: object) -> None:
    check(read(changed(BODY, at, to)))


@given(st.sampled_from(list(places(POSTS))), ANY_JSON)
def test_any_value_in_any_place_of_posts(at: tuple[str | int, ...], to: object) -> None:
    check(bluesky_recheck.read(answer(POSTS_ASK, changed(POSTS, at, to))))


def test_nasty_values_in_every_place() -> None:
    assert everywhere(BODY, read) > 400
    everywhere(POSTS, lambda body: bluesky_recheck.read(answer(POSTS_ASK, body)))


def test_one_bad_entry_never_costs_the_others() -> None:
    first, second = BODY["feed"][:2]
    for at in places(first):
        for to in (None, 5, "x", [], {}):
            page = check(read({"feed": [changed(first, at, to), second]}))
            assert any(post.version == second["post"]["cid"] for post in page.posts)


@given(bodies(json.dumps(BODY).encode()), st.sampled_from([200, 206, 400, 401, 403, 429, 500]))
def test_any_bytes(body: bytes, status: int) -> None:
    check(read(body))
    refusal = FEED.refusal(answer(ASK, body, status), {})
    assert refusal is None or check(refusal)
    check(bluesky_recheck.read(answer(POSTS_ASK, body, status)))


@given(ANY_JSON, st.text())
def test_any_json_and_any_mark(body: object, mark: str) -> None:
    check(FEED.read(answer(ASK, body), {"newest": mark}))
    check(FEED.read(answer(ASK, BODY), {"newest": mark}))
    check(bluesky_recheck.read(answer(POSTS_ASK, body)))


@given(st.text().filter(encodable), st.lists(st.tuples(st.integers(-2, 60), st.integers(-2, 60)), max_size=5))
def test_any_facets_leave_text_that_can_be_written(text: str, spans: list[tuple[int, int]]) -> None:
    features = [{"did": "did:plc:x"}, {"uri": "https://x.example/"}]
    facets = [{"index": {"byteStart": a, "byteEnd": b}, "features": features} for a, b in spans]
    assert encodable(marked(text, facets, Counter()).text)
    assert marked(text, [], Counter()).text == text


@given(st.text() | st.text(max_size=20).map("https://bsky.app/profile/".__add__))
def test_any_address_is_read_or_refused(address: str) -> None:
    try:
        reader = author_feed(address, {})
    except AddressWrong:
        return
    assert reader.first({}).params["actor"]


def test_reading_takes_time_that_grows_with_the_size_and_no_more() -> None:
    started = time.process_time()
    text = "é" * 10_000
    facets = [{"index": {"byteStart": 2 * n, "byteEnd": 2 * n + 2}, "features": [{"did": "x"}]} for n in range(20_000)]
    facets += [{"index": {"byteStart": 0, "byteEnd": 20_000}, "features": []}] * 20_000
    entry = BODY["feed"][0]
    record = {**entry["post"]["record"], "text": text, "facets": facets}
    check(read({"feed": [changed(entry, ("post", "record"), record)]}))
    check(read({"feed": [changed(entry, ("post", "record"), {**record, "text": "é" * 1_000_000})]}))
    check(read({"feed": [entry] * 2000}))
    author_feed("a-" * 30 + "a.org", {})
    assert time.process_time() - started < 30
