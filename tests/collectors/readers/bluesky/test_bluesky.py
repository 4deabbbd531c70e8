"""Reading Bluesky author feeds and re-reading posts: invented posts in the shapes of the AppView's lexicons."""

import json
from collections import Counter
from datetime import UTC, datetime

import pytest

from collectors.health import HealthState
from collectors.readers.bluesky import recheck as bluesky_recheck
from collectors.readers.bluesky.author_feed import PUBLIC, BlueskyAuthorFeed, author_feed
from collectors.readers.bluesky.facets import marked
from collectors.readers.reader import AddressWrong, Page
from collectors.readers.versions import revision
from signals.dead_letter import DeadReason
from tests.collectors.readers.hostile import HERE, SEEN, answer, changed, check, damaged_bodies, saved

DID = "did:plc:qzcanary7qzcanary7qzcana"
FEED = author_feed(DID, {})
BODY = saved("bluesky/author_feed.json")
ENTRIES = BODY["feed"]  # type: ignore[index, call-overload]
KNOWN = {"newest": str(revision(datetime(2026, 11, 20, 13, 0, tzinfo=UTC), SEEN))}


def read(body: object, marks: dict[str, str] | None = None, cursor: str = "", **headers: str) -> Page:
    marks = KNOWN if marks is None else marks
    ask = FEED.first(marks)
    if cursor:
        (ask,) = check(FEED.read(answer(ask, {"feed": [], "cursor": cursor}), marks)).next
    return check(FEED.read(answer(ask, body, **headers), marks))


def alone(at: tuple[str | int, ...], to: object, number: int = 0) -> object:
    """A feed of one entry of the saved feed, with something else in one place."""
    return {"feed": [changed(ENTRIES[number], at, to)]}


def test_a_feed_gives_the_accounts_own_words_and_nothing_of_anyone() -> None:
    page = read(BODY)
    assert [post.text for post in page.posts] == [
        "🎉 é @qzcanary9.example.org vanmiddag station, zie https://krant.example/nieuws/2026/een-heel-lang-adres "
        "#zaandam\n\nOnrust in de wijk\n\nWat de buurt ervan zegt",
        "zie\n\nflyer: 20:00 Dam",
        "كلنا هناك الساعة ٨",
        "beeld 1\n\nbeeld 2\n\nbeeld 3\n\nbeeld 4\n\nbeeld 5",
        "iemand loopt over het plein",
        "gewoon en gevoelig",
    ]
    first = page.posts[0]
    assert first.native_id == f"{DID}/app.bsky.feed.post/3kaaa"
    assert (first.version, first.lang, first.hashtags) == ("bafyrei3kaaa", "nl", ("zaandam",))
    assert first.posted_at == datetime(2026, 11, 20, 13, 59, tzinfo=UTC)
    assert first.revision == revision(datetime(2026, 11, 20, 13, 59, 1, 682000, UTC), SEEN)
    assert first.link == f"https://bsky.app/profile/{DID}/post/3kaaa"
    assert page.posts[2].hashtags == ("plein",)
    assert "Qzcanary" not in str([post.text for post in page.posts])
    assert page.oddities == {"no_words": 1, "repost": 1, "hidden_by_label": 1, "no_unauthenticated": 1}
    assert page.set_aside == ()


def test_an_account_that_asks_logged_out_views_to_stay_away_is_not_collected() -> None:
    page = read(saved("bluesky/author_feed_no_unauthenticated.json"))
    assert (page.posts, page.set_aside, page.oddities) == ((), (), {"no_unauthenticated": 2})
    assert page.state is HealthState.OK


@pytest.mark.parametrize(
    ("label", "collected"),
    [
        ({"val": "!no-unauthenticated"}, False),
        ({"val": "!takedown"}, False),
        ({"val": "!no-unauthenticated", "neg": True}, True),
        ({"val": "!no-unauthenticated", "exp": "2026-11-19T00:00:00Z"}, True),
        ({"val": "!no-unauthenticated", "exp": "2026-11-29T00:00:00Z"}, False),
        ({"val": "porn"}, True),
        ({"val": 5}, False),
        ({}, False),
        (None, False),
    ],
)
@pytest.mark.parametrize("at", [("post", "author", "labels"), ("post", "labels"), ("post", "record", "labels")])
def test_labels_are_honoured_wherever_they_stand(label: object, collected: bool, at: tuple[str, ...]) -> None:
    told: object = {"$type": "com.atproto.label.defs#selfLabels", "values": [label]} if at[1] == "record" else [label]
    entry = changed(ENTRIES[0], at, told) if at[1] != "record" else _with_own_labels(told)
    page = read({"feed": [entry]})
    assert len(page.posts) == collected
    assert page.set_aside == ()


def _with_own_labels(labels: object) -> object:
    record = {**ENTRIES[0]["post"]["record"], "labels": labels}
    return changed(ENTRIES[0], ("post", "record"), record)


@pytest.mark.parametrize("labels", [5, "x", {}, True])
def test_labels_that_cannot_be_read_are_no_consent(labels: object) -> None:
    page = read({"feed": [changed(ENTRIES[0], ("post", "author", "labels"), labels), ENTRIES[1]]})
    assert (len(page.posts), page.oddities["consent_unread"]) == (1, 1)


def test_what_others_wrote_is_left_out_however_it_came_into_the_feed() -> None:
    for reason in ({"$type": "app.bsky.feed.defs#reasonNew"}, {}, 5, "x", []):
        assert read({"feed": [{**ENTRIES[0], "reason": reason}, ENTRIES[1]]}).oddities["odd_reason"] == 1
    pinned = {**ENTRIES[0], "reason": {"$type": "app.bsky.feed.defs#reasonPin"}}
    assert len(read({"feed": [pinned]}).posts) == 1
    assert read({"feed": [{"post": ENTRIES[6]["post"]}]}).oddities == {"other_author": 1}
    by_handle = BlueskyAuthorFeed("qzcanary7.example.org")
    page = check(by_handle.read(answer(by_handle.first({}), BODY), {}))
    assert len(page.posts) == 6


def test_the_quoted_post_is_not_read_with_the_pictures_beside_it() -> None:
    texts = str([post.text for post in read(BODY).posts])
    assert "andermans" not in texts


def test_reading_goes_back_until_what_is_known() -> None:
    page = read(BODY)
    (further,) = page.next
    assert further.params["cursor"] == "2026-11-20T13:50:00Z"
    assert further.back
    assert page.marks == {"newest": str(revision(datetime(2026, 11, 20, 13, 59, tzinfo=UTC), SEEN))}
    last = check(FEED.read(answer(further, {"feed": ENTRIES[-1:], "cursor": "ouder"}), KNOWN))
    assert last.marks == {}  # the first page told what is newest
    reached = {"newest": str(revision(datetime(2026, 11, 20, 13, 50, tzinfo=UTC), SEEN))}
    assert read(BODY, reached).next == ()
    assert not read(BODY, reached).gap


def test_a_first_visit_goes_back_thirty_days_and_no_further() -> None:
    old = changed(ENTRIES[-1], ("post", "record", "createdAt"), "2026-10-01T00:00:00Z")
    page = read({"feed": [ENTRIES[0], old], "cursor": "ouder"}, {})
    assert (page.next, page.gap) == ((), False)
    assert len(read(BODY, {}).next) == 1


def test_an_outage_of_more_than_thirty_days_leaves_a_gap_and_says_so() -> None:
    old = changed(ENTRIES[-1], ("post", "record", "createdAt"), "2026-10-01T00:00:00Z")
    known = {"newest": str(revision(datetime(2026, 9, 1, tzinfo=UTC), SEEN))}
    page = read({"feed": [ENTRIES[0], old], "cursor": "ouder"}, known)
    assert (page.next, page.gap) == ((), True)


def test_a_pinned_post_does_not_end_the_reading() -> None:
    old = changed(ENTRIES[0], ("post", "record", "createdAt"), "2020-01-01T00:00:00Z")
    pinned = {**old, "reason": {"$type": "app.bsky.feed.defs#reasonPin"}}  # type: ignore[dict-item]
    assert len(read({"feed": [pinned, ENTRIES[1]], "cursor": "c"}).next) == 1


def test_an_empty_page_with_a_cursor_goes_on_and_one_without_ends() -> None:
    page = read({"feed": [], "cursor": "c"})
    assert (len(page.next), page.state) == (1, HealthState.OK)
    page = read({"feed": []})
    assert (page.next, page.state, page.marks) == ((), HealthState.NOTHING_NEW, {})


@pytest.mark.parametrize("cursor", [5, True, [], {}, "x" * 5000])
def test_a_cursor_that_is_none_ends_the_reading_and_is_counted(cursor: object) -> None:
    page = read({"feed": ENTRIES[:1], "cursor": cursor})
    assert (page.next, page.oddities["odd_cursor"]) == ((), 1)


def test_a_cursor_that_leads_back_to_its_own_page_ends_the_reading() -> None:
    page = read({"feed": ENTRIES[:1], "cursor": "c"}, cursor="c")
    assert (page.next, page.oddities["same_cursor"]) == ((), 1)


@pytest.mark.parametrize("written", ["1970-01-01T00:00:00.000Z", "2099-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"])
def test_no_version_and_no_mark_lies_in_the_future(written: str) -> None:
    for at in (("post", "record", "createdAt"), ("post", "indexedAt")):
        page = read(alone(at, written))
        (post,) = page.posts
        assert 0 <= post.revision <= revision(SEEN, SEEN)
        assert int(page.marks.get("newest", "0")) <= revision(SEEN, SEEN)


def test_facets_count_bytes_and_what_does_not_fit_is_left_out() -> None:
    text = "🎉 één krant.example/nieuws/... eind"
    start, end = (len(text[: text.index(part)].encode()) for part in ("krant", " eind"))
    uri = [{"$type": "app.bsky.richtext.facet#link", "uri": "https://krant.example/nieuws/lang"}]

    def facet(first: object, last: object) -> object:
        return {"index": {"byteStart": first, "byteEnd": last}, "features": uri}

    whole = "🎉 één https://krant.example/nieuws/lang eind"
    assert marked(text, [facet(start, end)], Counter()).text == whole
    for first, last in ((end, start), (1, end), (start, 9999), (-1, 3), (start, start), (None, 3), (True, 3), ("0", 3)):
        oddities: Counter[str] = Counter()
        assert marked(text, [facet(first, last)], oddities).text == text
        assert oddities == {"facet_out_of_range": 1}
    oddities = Counter()
    assert marked(text, [facet(start, end), facet(start, end)], oddities).text == whole
    assert oddities == {"facets_overlap": 1}


def test_a_link_under_the_authors_own_words_leaves_the_words_and_a_hidden_mention_is_marked() -> None:
    link = {"index": {"byteStart": 0, "byteEnd": 4}, "features": [{"uri": "https://x.example/"}]}
    assert marked("hier is het", [link], Counter()).text == "hier is het"
    mention = {"index": {"byteStart": 0, "byteEnd": 4}, "features": [{"did": "did:plc:x"}]}
    assert marked("Piet kom", [mention], Counter()).text == "@x kom"
    tag = {"index": {"byteStart": 0, "byteEnd": 4}, "features": [{"tag": "dam"}, {"tag": 5}, None]}
    assert marked("#dam kom", [tag], Counter()).tags == ("dam",)


@pytest.mark.parametrize(
    ("at", "field_path"),
    [
        (("post", "record"), "post.record"),
        (("post", "record", "text"), "post.record.text"),
        (("post", "cid"), "post.cid"),
        (("post", "author", "did"), "post.author.did"),
    ],
)
@pytest.mark.parametrize("value", [None, 5, [], "" * 0])
def test_a_bad_entry_is_set_aside_without_its_author_and_the_rest_goes_on(
    at: tuple[str, ...], field_path: str, value: object
) -> None:
    if at[-1] == "text" and value == "":
        value = {}
    page = read({"feed": [changed(ENTRIES[0], at, value), ENTRIES[1]]})
    assert len(page.posts) == 1
    (aside,) = page.set_aside
    assert (aside.refused.reason, aside.refused.field_path) == (DeadReason.SCHEMA, field_path)
    assert b"qzcanary7" not in aside.raw
    assert b"Qzcanary" not in aside.raw
    assert page.oddities["set_aside"] == 1


def test_a_form_that_changed_is_told_apart_from_an_empty_feed() -> None:
    for feed in (
        [{"item": entry["post"]} for entry in ENTRIES],
        [changed(entry, ("post", "record", "text"), None) for entry in ENTRIES[:5]],
        [changed(entry, ("post", "record"), {"text": ""}) for entry in ENTRIES[:5]],
        [None, 5, "x", []],
    ):
        page = read({"feed": feed, "cursor": "c"})
        assert (page.state, page.reason, page.marks, page.set_aside) == (
            HealthState.MISPARSED,
            "no_item_readable",
            {},
            (),
        )
    assert read({"posts": []}).reason == "no_feed"
    assert read([]).reason == "no_feed"
    assert read({"error": "InternalServerError", "message": "x"}).reason == "error_body"


@pytest.mark.parametrize("damage", damaged_bodies(b"[]"))
def test_a_damaged_body_is_misparsed_and_moves_no_mark(damage: str) -> None:
    page = read(damaged_bodies((HERE / "bluesky/author_feed.json").read_bytes())[damage])
    assert page.state is HealthState.MISPARSED
    assert page.marks == {}


def test_bytes_that_are_no_utf8_cost_only_their_own_post() -> None:
    raw = json.dumps(BODY, ensure_ascii=False).encode().replace(b"vanmiddag", b"van\xffmiddag")
    page = read(raw)
    assert len(page.posts) == 5
    assert page.set_aside[0].refused.reason is DeadReason.INVALID_UTF8


def test_a_wall_in_the_place_of_posts_is_told_by_its_name() -> None:
    for file, reason in (("login", "login_wall"), ("cookies", "cookie_wall"), ("challenge", "bot_wall")):
        page = read((HERE / f"mastodon/{file}.html").read_bytes())
        assert (page.state, page.reason) == (HealthState.BLOCKED, reason)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (saved("bluesky/profile_not_found.json"), "account_gone"),
        ({"error": "AccountTakedown", "message": "Account has been taken down"}, "account_gone"),
        ({"error": "InvalidRequest", "message": "Account is deactivated"}, "account_gone"),
        ({"error": "BlockedByActor", "message": "x"}, "blocked_actor"),
        ({"error": "InvalidRequest", "message": "x"}, "http_400"),
        ({"error": 5, "message": []}, "http_400"),
        (b"<html>", "http_400"),
    ],
)
def test_a_bad_request_stops_the_seed_with_its_reason(body: object, reason: str) -> None:
    page = check(FEED.refusal(answer(FEED.first({}), body, 400), {}))
    assert (page.state, page.reason) == (HealthState.BLOCKED, reason)


def test_limits_wait_until_their_reset_and_lose_nothing() -> None:
    reset = str(int(SEEN.timestamp()) + 120)
    page = check(FEED.refusal(answer(FEED.first({}), b"", 429, ratelimit_reset=reset), {}))
    assert (page.state, page.wait) == (HealthState.SLOWED, 120)
    page = read(BODY, ratelimit_limit="3000", ratelimit_remaining="0", ratelimit_reset=reset)
    assert (page.state, page.reason, page.wait, page.next) == (HealthState.SLOWED, "rate_limit", 120, ())
    page = read({"feed": ENTRIES}, ratelimit_remaining="0", ratelimit_reset=reset)
    assert (page.state, page.wait) == (HealthState.OK, 120)
    for status in (401, 403, 404, 500, 502, 503):
        assert FEED.refusal(answer(FEED.first({}), b"<html>", status), {}) is None


@pytest.mark.parametrize(
    ("address", "actor", "server"),
    [
        (DID, DID, PUBLIC),
        (f"at://{DID}", DID, PUBLIC),
        ("did:web:voorbeeld.example", "did:web:voorbeeld.example", PUBLIC),
        ("Voorbeeld.example.org", "voorbeeld.example.org", PUBLIC),
        ("@voorbeeld.example.org", "voorbeeld.example.org", PUBLIC),
        (f"https://bsky.app/profile/{DID}", DID, PUBLIC),
        ("https://bsky.app/profile/voorbeeld.example.org/", "voorbeeld.example.org", PUBLIC),
        (f"http://127.0.0.1:8/xrpc/app.bsky.feed.getAuthorFeed?actor={DID}", DID, "http://127.0.0.1:8"),
    ],
)
def test_the_address_of_a_seed(address: str, actor: str, server: str) -> None:
    reader = author_feed(address, {})
    assert reader == BlueskyAuthorFeed(actor, server)
    ask = reader.first({})
    assert ask.url == f"{server}/xrpc/app.bsky.feed.getAuthorFeed"
    assert ask.params["actor"] == actor


@pytest.mark.parametrize(
    "address",
    ["", "voorbeeld", "https://elders.example/profile/x.org", "https://bsky.app/", "https://[::1/profile/x.org",
     "did:", "a b.org", "x" * 300 + ".org", "https://bsky.app/profile/x.org/post/1"],
)  # fmt: skip
def test_another_address_is_refused_without_quoting_it(address: str) -> None:
    with pytest.raises(AddressWrong) as wrong:
        author_feed(address, {})
    assert "x.org" not in str(wrong.value)


IDS = (f"{DID}/app.bsky.feed.post/3kaaa", f"{DID}/app.bsky.feed.post/3kaab")


def recheck(body: object, status: int = 200) -> Page:
    (ask,) = bluesky_recheck.asks(IDS)
    return check(bluesky_recheck.read(answer(ask, body, status)))


def test_posts_are_asked_for_again_by_twenty_five() -> None:
    asks = bluesky_recheck.asks([f"{DID}/app.bsky.feed.post/{n}" for n in range(60)])
    assert [ask.url.count("uris=") for ask in asks] == [25, 25, 10]
    assert "uris=at%3A%2F%2Fdid%3Aplc%3A" in asks[0].url


def test_a_post_that_the_answer_lacks_is_gone_and_the_other_is_read_anew() -> None:
    page = recheck(saved("bluesky/posts.json"))
    assert [post.native_id for post in page.posts] == [IDS[0]]
    (gone,) = page.gone
    assert gone.native_id == IDS[1]
    assert gone.revision == revision(SEEN, SEEN)


def test_a_post_whose_author_withdrew_it_from_the_public_is_gone() -> None:
    body = changed(saved("bluesky/posts.json"), ("posts", 0, "author", "labels"), [{"val": "!no-unauthenticated"}])
    assert {gone.native_id for gone in recheck(body).gone} == set(IDS)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_trouble_leaves_posts_unknown(status: int) -> None:
    page = recheck({"error": "x"}, status)
    assert (page.gone, page.posts, page.state) == ((), (), HealthState.FAILING)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{", [], {}, {"posts": None}, {"posts": [5]}, {"posts": [{"uri": "x"}]}]
)
def test_an_answer_that_cannot_be_read_leaves_posts_unknown(body: object) -> None:
    page = recheck(body)
    assert (page.gone, page.posts, page.state) == ((), (), HealthState.MISPARSED)


def test_a_post_that_is_there_but_cannot_be_read_is_not_gone() -> None:
    body = changed(saved("bluesky/posts.json"), ("posts", 0, "record", "text"), None)
    page = recheck(body)
    assert [gone.native_id for gone in page.gone] == [IDS[1]]
    assert len(page.set_aside) == 1


def test_nothing_prints_itself() -> None:
    page = read(BODY)
    printed = f"{page!r}{page.posts!r}{page.next!r}{FEED!r}{bluesky_recheck.asks(IDS)!r}"
    assert "qzcanary" not in printed.casefold()
