"""What Reddit's answers mean to us. Its answers here are invented, in the shapes that its API gives."""

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
from collectors.readers.reddit.reader import reddit_reader
from signals.post import Source
from tests.collectors.readers.mangling import ODD, loaded, nested, places, put, without

HERE = Path(__file__).parent
SEEN = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEYS = {
    "reddit-client-id": "qzid",
    "reddit-client-secret": "qzsecret",
    "reddit-user-agent": "linux:seinpost:v1 (by /u/x)",
}
READER = reddit_reader("r/zaandam", KEYS)
FEED = reddit_reader("https://www.reddit.com/r/zaandam/new/.rss", KEYS)
TOKEN = "qztoken.invented-1234"
INFO = ("t3_1aaaa1", "t3_1aaaa2", "t1_kaaaa1", "t1_kgone1")
ASKS: dict[str, Ask] = {
    "token.json": READER.first({}),
    "new.json": READER.calls.new("zaandam", TOKEN),
    "comments.json": READER.calls.comments("zaandam", TOKEN),
    "thread.json": READER.calls.thread("1aaaa1", TOKEN),
    "info.json": READER.calls.info(INFO, TOKEN)[0],
    "escaped.json": READER.calls.new("zaandam", TOKEN),
}
FILES = {name: loaded(HERE / name) for name in ASKS}
ERRORS = loaded(HERE / "errors.json")
RSS = (HERE / "new.rss").read_bytes()


def answer(ask: Ask, said: object, status: int = 200, **headers: str) -> Answer:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(ask, status, told, body, ask.url, SEEN)


def read(name: str, reader: Reader = READER, **marks: str) -> Page:
    return reader.read(answer(ASKS[name], FILES[name]), {k.replace("_", ":"): v for k, v in marks.items()})


def feed(body: bytes = RSS) -> Page:
    return FEED.read(answer(FEED.calls.feed("zaandam"), body), {})


def everything(page: Page) -> str:
    posts = [(p.native_id, p.version, p.text, p.link, p.hashtags, p.lang) for p in page.posts]
    aside = [(one.raw, str(one.refused)) for one in page.set_aside]
    return repr((posts, aside, page.marks, [(g.native_id, g.version) for g in page.gone], page.reason, page.oddities))


def words(page: Page) -> dict[str, str]:
    return {post.native_id: post.text for post in page.posts}


@pytest.mark.parametrize(
    ("address", "kind", "value"),
    [
        ("r/zaandam", "subreddit", "zaandam"),
        ("/r/zaandam/", "subreddit", "zaandam"),
        ("https://www.reddit.com/r/zaandam/new", "subreddit", "zaandam"),
        ("https://old.reddit.com/r/zaandam/comments/1aaaa1/verzonnen/", "thread", "1aaaa1"),
        ("https://www.reddit.com/r/zaandam/new/.rss", "feed", "zaandam"),
        ("https://www.reddit.com/r/zaandam/.rss", "feed", "zaandam"),
    ],
)
def test_a_seed_is_written_as_people_write_it(address: str, kind: str, value: str) -> None:
    reader = reddit_reader(address, {})
    assert (reader.seed.kind, reader.seed.value) == (kind, value)
    assert repr(reader) == f"RedditReader({kind})"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "zaandam",
        "u/qzcanary7",
        "r/u_qzcanary7",
        "https://www.reddit.com/user/qzcanary7",
        "https://example.org/r/zaandam",
        "r/a b",
        "http://[",
    ],
)
def test_a_person_or_another_site_is_no_seed_and_is_not_quoted(address: str) -> None:
    with pytest.raises(AddressWrong) as wrong:
        reddit_reader(address, {})
    assert "qzcanary7" not in str(wrong.value)


def test_a_visit_starts_with_a_token_that_is_kept_nowhere() -> None:
    first = READER.first({})
    assert first.form == {"grant_type": "client_credentials"}
    assert first.headers["Authorization"].startswith("Basic ")
    page = read("token.json")
    assert [ask.step for ask in page.next] == ["new", "comments"]
    assert page.next[0].headers["Authorization"] == f"bearer {TOKEN}"
    assert page.next[0].headers["User-Agent"] == "linux:seinpost:v1 (by /u/x)"
    assert page.next[0].params["raw_json"] == "1"
    assert TOKEN not in repr((page, page.next, page.marks))


def test_a_feed_too_is_asked_only_by_who_was_approved() -> None:
    assert FEED.first({}).step == "token"
    assert [ask.step for ask in read("token.json", FEED).next] == ["feed"]


def test_a_post_is_its_own_words_and_no_author() -> None:
    page = read("new.json")
    found = words(page)
    assert found["t3_1aaaa1"].startswith("Vanavond om vijf & niemand later 🚉\n\nNeem <iedereen> mee.")
    assert "x200B" not in found["t3_1aaaa1"]
    assert found["t3_1aaaa3"] == "عنوان بالعربية"
    assert found["t3_1aaaa4"] == "Foto's van de muur\n\nBij de brug"
    assert found["t3_1aaaa5"] == "Wie wint er?\n\nStem mee\n\nGroen\n\nBlauw"
    assert found["t3_1aaaa6"] == "Kijk dit"
    assert found["t3_1aaab4"] == "Account weg, tekst niet\n\nDit staat er nog"
    first = page.posts[0]
    assert (first.source, first.link) == (
        Source.REDDIT_POST,
        "https://www.reddit.com/r/zaandam/comments/1aaaa1/verzonnen_titel/",
    )
    assert first.posted_at == datetime(2026, 11, 22, 11, 50, tzinfo=UTC)
    for canary in ("qzcanary", "qzother", "t2_"):
        assert canary not in everything(page)


def test_an_edit_is_a_new_version_with_its_own_moment() -> None:
    posts = {post.native_id: post for post in read("new.json").posts}
    edited, unedited, undated = posts["t3_1aaaa2"], posts["t3_1aaaa1"], posts["t3_1aaaa3"]
    assert edited.version.startswith("edited:")
    assert edited.edited
    assert datetime.fromtimestamp(edited.revision / 1e6, UTC) == datetime(2026, 11, 22, 11, 55, tzinfo=UTC)
    assert not unedited.edited
    assert undated.edited
    ninja = put(FILES["new.json"], ("data", "children", 0, "data", "selftext"), "Toch niet.")
    assert READER.read(answer(ASKS["new.json"], ninja), {}).posts[0].version != unedited.version


def test_what_was_deleted_or_removed_is_gone_and_what_is_not_for_all_is_left_out() -> None:
    page = read("new.json")
    gone = {one.native_id: one.version.removesuffix(":2026-11-22") for one in page.gone}
    assert gone == {
        "t3_1aaaa7": "removed:gone",
        "t3_1aaaa8": "removed:gone",
        "t3_1aaaa9": "removed:gone",
        "t3_1aaab1": "removed:age_gate",
        "t3_1aaab2": "removed:noindex",
        "t3_1aaab3": "removed:personal_page",
    }
    assert page.oddities == {"removed": 3, "age_gate": 1, "noindex": 1, "personal_page": 1}
    assert {one.native_id for one in read("comments.json").gone} == {"t1_kaaaa2", "t1_kaaaa3"}


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [("quarantine", True, "quarantined"), ("subreddit_type", "private", "not_public"), ("promoted", True, "promoted")],
)
def test_what_needs_more_than_a_visitor_has_is_left_out(field: str, value: object, reason: str) -> None:
    whole = json.loads(json.dumps(FILES["new.json"]))
    whole["data"]["children"][0]["data"][field] = value
    assert READER.read(answer(ASKS["new.json"], whole), {}).oddities[reason] == 1


def test_a_thread_is_read_to_its_depth_and_stubs_are_counted() -> None:
    page = read("thread.json")
    assert [post.native_id for post in page.posts] == [
        "t3_1aaaa1", "t1_kbbbb1", "t1_kbbbb4", "t1_kbbbb2", "t1_kbbbb3",
    ]  # fmt: skip
    assert page.oddities == {"more_comments": 2}
    assert page.posts[1].link == "https://www.reddit.com/r/zaandam/comments/1aaaa1/verzonnen_titel/kbbbb1/"
    assert "qzcanary" not in everything(page)


def test_entities_are_read_once_whether_or_not_the_answer_wrote_them() -> None:
    assert words(read("comments.json"))["t1_kaaaa1"] == "Ik ben er bij &amp; jij?"
    assert words(read("escaped.json"))["t3_1aaac1"] == "Jij & ik\n\neen <3 voor &amp; na"


def test_a_list_is_read_back_to_what_was_there_before() -> None:
    page = read("new.json")
    assert (page.next[0].params["after"], page.next[0].back) == ("t3_1aaab4", True)
    assert page.marks["recent:new"].startswith("t3_1aaaa1,t3_1aaaa2")
    assert read("new.json", recent_new="t3_1zzzz9,t3_1aaab4").next == ()
    older = json.loads(json.dumps(FILES["new.json"]).replace("1795340", "1790340"))
    assert READER.read(answer(ASKS["new.json"], older), {}).next == ()
    again = READER.calls.new("zaandam", TOKEN, "t3_1aaab4")
    assert READER.read(answer(again, FILES["new.json"]), {}).next == ()


def test_what_was_listed_is_asked_again_once_a_day() -> None:
    page = read("token.json", recent_new="t3_1aaaa1,t3_1aaaa2", recent_comments="t1_kaaaa1")
    assert page.next[2].params["id"] == "t3_1aaaa1,t3_1aaaa2,t1_kaaaa1"
    later = read("token.json", recent_new="t3_1aaaa1", rechecked=page.marks["rechecked"])
    assert len(later.next) == 2


def test_what_was_asked_and_is_deleted_or_not_shown_is_gone() -> None:
    page = read("info.json")
    assert {one.native_id for one in page.gone} == {"t3_1aaaa2", "t1_kaaaa1", "t1_kgone1"}
    assert list(words(page)) == ["t3_1aaaa1"]
    nothing = {"kind": "Listing", "data": {"after": None, "dist": 0, "children": [], "before": None}}
    assert READER.read(answer(ASKS["info.json"], nothing), {}).gone == ()
    untold = put(FILES["info.json"], ("data", "children", 0, "data", "id"), 7)
    assert {one.native_id for one in READER.read(answer(ASKS["info.json"], untold), {}).gone} == {
        "t3_1aaaa2",
        "t1_kaaaa1",
    }


@pytest.mark.parametrize(
    ("name", "state", "reason"),
    [
        ("private", HealthState.BLOCKED, "subreddit_private"),
        ("quarantined", HealthState.BLOCKED, "subreddit_quarantined"),
        ("gated", HealthState.BLOCKED, "subreddit_gated"),
        ("banned", HealthState.BLOCKED, "subreddit_banned"),
        ("notfound", HealthState.BLOCKED, "not_found"),
        ("unauthorized", HealthState.BLOCKED, "token_refused"),
        ("grant", HealthState.BLOCKED, "token_refused"),
        ("toomany", HealthState.SLOWED, "rate_limited"),
        ("toomany_in_200", HealthState.SLOWED, "rate_limited"),
    ],
)
def test_a_refusal_means_what_its_reason_says(name: str, state: HealthState, reason: str) -> None:
    assert isinstance(ERRORS, dict)
    status, said = ERRORS[name]
    asked = answer(ASKS["new.json"], said, status)
    page = READER.read(asked, {}) if status == 200 else READER.refusal(asked, {})
    assert page is not None
    assert (page.state, page.reason) == (state, reason)


def test_rate_headers_tell_how_long_to_wait() -> None:
    slowed = READER.refusal(answer(ASKS["new.json"], b"slow down", 429, x_ratelimit_reset="118.5"), {})
    assert slowed is not None
    assert slowed.wait == 119
    untold = READER.refusal(answer(ASKS["new.json"], b"", 429, x_ratelimit_reset="nan"), {})
    assert untold is not None
    assert untold.wait == 600
    spent = {"x_ratelimit_remaining": "0.0", "x_ratelimit_used": "100", "x_ratelimit_reset": "42"}
    page = READER.read(answer(ASKS["new.json"], FILES["new.json"], **spent), {})
    assert (page.state, page.wait, len(page.posts)) == (HealthState.SLOWED, 42, 7)
    last = READER.read(answer(ASKS["thread.json"], FILES["thread.json"], **spent), {})
    assert (last.state, last.wait) == (HealthState.OK, 42)
    plenty = READER.read(
        answer(ASKS["new.json"], FILES["new.json"], x_ratelimit_remaining="95.0", x_ratelimit_reset="42"), {}
    )
    assert (plenty.state, plenty.wait) == (HealthState.OK, 0)


@pytest.mark.parametrize(
    ("body", "state", "reason"),
    [
        (b"", HealthState.MISPARSED, "empty_body"),
        (b'{"kind": "Listing", "data": {"chil', HealthState.MISPARSED, "not_json"),
        (nested(100_000), HealthState.MISPARSED, "too_deep"),
        (b"[]", HealthState.MISPARSED, "no_listing"),
        (b'"x"', HealthState.MISPARSED, "no_listing"),
        (b'{"data": {"children": {}}}', HealthState.MISPARSED, "no_listing"),
        (b'{"data": {"children": [1, null, []]}}', HealthState.MISPARSED, "no_text"),
        (b"<html><title>reddit</title>", HealthState.MISPARSED, "html_page"),
        (b"<!doctype html><h1>whoa there, pardner!</h1>", HealthState.BLOCKED, "bot_wall"),
        (b"<body>You've been blocked by network security.", HealthState.BLOCKED, "bot_wall"),
        (b'<form action="https://www.reddit.com/login/"><input type="password">', HealthState.BLOCKED, "login_wall"),
    ],
)
def test_an_answer_that_is_no_listing_has_its_own_reason(body: bytes, state: HealthState, reason: str) -> None:
    page = READER.read(answer(ASKS["new.json"], body), {})
    assert (page.state, page.reason) == (state, reason)


def test_a_name_that_leads_on_to_a_search_is_not_there() -> None:
    led = replace(
        answer(ASKS["new.json"], {"kind": "Listing", "data": {"children": []}}),
        url="https://oauth.reddit.com/subreddits/search?q=x",
    )
    assert READER.read(led, {}).reason == "not_found"


def test_an_empty_list_is_no_change_of_form_and_lost_words_are() -> None:
    empty = {"kind": "Listing", "data": {"after": None, "dist": 0, "children": [], "before": None}}
    assert READER.read(answer(ASKS["new.json"], empty), {}).state is HealthState.OK
    renamed = json.dumps(FILES["new.json"]).replace('"title"', '"t"').encode()
    assert READER.read(answer(ASKS["new.json"], renamed), {}).state is HealthState.MISPARSED


def test_one_bad_item_is_set_aside_without_its_author_and_the_rest_goes_on() -> None:
    bad = put(FILES["new.json"], ("data", "children", 0, "data", "title"), None)
    page = READER.read(answer(ASKS["new.json"], bad), {})
    assert len(page.posts) == 6
    (aside,) = page.set_aside
    assert aside.refused.field_path == "data.children.0.title"
    assert "qzcanary" not in everything(page)


def test_damaged_bytes_cost_only_their_own_item() -> None:
    body = json.dumps(FILES["new.json"], ensure_ascii=False).encode().replace(b"Stem mee", b"Stem \xff mee")
    page = READER.read(answer(ASKS["new.json"], b"\xef\xbb\xbf" + body), {})
    assert len(page.posts) == 6
    assert page.oddities["invalid_utf8"] == 1


def test_a_feed_is_read_without_the_names_that_it_writes_into_its_texts() -> None:
    page = feed()
    assert words(page) == {
        "t3_1aaaa1": "Vanavond om vijf & later\n\nNeem <iedereen> mee, it's & dat\n\nsubmitted by mij",
        "t3_1aaaa3": "Alleen een link",
        "t1_kaaaa1": "Ik ben er bij",
        "t3_1aaaa8": "Zonder merken\n\nWel woorden",
    }
    assert [one.native_id for one in page.gone] == ["t3_1aaaa7"]
    assert page.posts[0].posted_at == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert page.posts[0].link == "https://www.reddit.com/r/zaandam/comments/1aaaa1/x/"
    assert "qzcanary" not in everything(page)


def test_what_is_no_feed_has_its_own_reason() -> None:
    assert feed(b"{}").reason == "not_a_feed"
    assert feed(b"<html>whoa there, pardner!").reason == "bot_wall"
    kept_out = answer(FEED.calls.feed("zaandam"), RSS, x_robots_tag="noindex")
    assert FEED.read(kept_out, {}).reason == "noindex"
    assert feed(RSS.replace(b"t3_", b"x_").replace(b"t1_", b"x_")).state is HealthState.MISPARSED


@settings(max_examples=400, deadline=2000)
@given(st.data())
def test_any_value_in_any_place_of_an_answer_is_survived(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FILES)))
    place = data.draw(st.sampled_from(places(FILES[name])))
    drop = bool(place) and data.draw(st.booleans())
    mangled = without(FILES[name], place) if drop else put(FILES[name], place, data.draw(ODD))
    marks = data.draw(st.dictionaries(st.sampled_from(["recent:new", "recent:comments", "rechecked"]), st.text()))
    page = READER.read(answer(ASKS[name], mangled), marks)
    assert "qzcanary" not in everything(page)
    READER.refusal(answer(ASKS[name], mangled, 403), marks)
    READER.first({**marks, **page.marks})


@settings(max_examples=200, deadline=2000)
@given(st.data())
def test_any_error_any_bytes_and_any_header_are_survived(data: st.DataObject) -> None:
    said = put(ERRORS, data.draw(st.sampled_from(places(ERRORS))), data.draw(ODD))
    body = data.draw(st.binary() | st.just(json.dumps(said).encode()) | st.text().map(str.encode))
    headers = {
        "x_ratelimit_remaining": data.draw(st.text()),
        "x_ratelimit_reset": data.draw(st.text() | st.just("1e400")),
    }
    for ask in (*ASKS.values(), FEED.calls.feed("zaandam")):
        READER.read(answer(ask, body, **headers), {})
        for status in (401, 403, 404, 429, 503):
            READER.refusal(answer(ask, body, status, **headers), {})


@settings(max_examples=150, deadline=3000)
@given(st.integers(0, len(RSS)), st.integers(0, 60), st.binary(max_size=30))
def test_a_feed_with_any_bytes_anywhere_is_survived(at: int, cut: int, put_in: bytes) -> None:
    feed(RSS[:at] + put_in + RSS[at + cut :])


def test_an_answer_of_five_megabytes_takes_seconds_at_most() -> None:
    assert isinstance(FILES["comments.json"], dict)
    started = time.process_time()
    many = {"kind": "Listing", "data": {"children": FILES["comments.json"]["data"]["children"] * 800}}
    assert len(READER.read(answer(ASKS["comments.json"], many), {}).posts) == 800
    long = put(FILES["new.json"], ("data", "children", 0, "data", "selftext"), "vijf uur " * 200_000)
    assert len(READER.read(answer(ASKS["new.json"], long), {}).posts[0].text) > 1_000_000
    deep: object = ""
    for number in range(150):
        child = {"kind": "t1", "data": {"id": f"k{number}", "body": f"antwoord {number}", "replies": deep}}
        deep = {"kind": "Listing", "data": {"children": [child]}}
    assert len(READER.read(answer(ASKS["thread.json"], [deep, deep]), {}).posts) == 300
    for body in (b"[" * 900 + b"1" * 4_000_000, b"<" * 5_000_000, b'{"data":' * 500_000):
        READER.read(answer(ASKS["new.json"], body), {})
    for nasty in (b"&lt;!", b"&lt;![", b"&lt;a ", b"&lt;!--", b"&lt;div&gt;", b"submitted by ", b"<b>", b"&amp;#32; "):
        feed(RSS.replace(b"Wel woorden", nasty * 50_000))
    assert time.process_time() - started < 15
