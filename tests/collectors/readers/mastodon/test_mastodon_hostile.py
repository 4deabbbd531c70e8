"""Whatever a Mastodon-compatible server answers, reading it ends soon, without an exception, and says what it was."""

import json
import time

from hypothesis import given
from hypothesis import strategies as st

from collectors.readers.mastodon import recheck as mastodon_recheck
from collectors.readers.mastodon.consent import objection
from collectors.readers.mastodon.paging import newer_than
from collectors.readers.mastodon.timeline import mastodon_timeline
from collectors.readers.mastodon.words import plain
from collectors.readers.reader import AddressWrong, Ask, Page
from collectors.refused import Refused
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

TAG = mastodon_timeline("https://voorbeeld.social/tags/zaandam", {})
ACCOUNT = mastodon_timeline("https://voorbeeld.social/@qzcanary1", {})
WHOLE = saved("mastodon/hashtag_page.json")
PAGE = WHOLE[:2]  # type: ignore[index]
TAG_ASK = Ask("https://voorbeeld.social/api/v1/timelines/tag/zaandam", {"min_id": "1"}, step="tag")
STATUSES_ASK = Ask("https://voorbeeld.social/x", step="statuses", carry={"account": "110000000000000001"})
STATUS_ASK = Ask("https://voorbeeld.social/x", step="status", carry={"native_id": "https://voorbeeld.social/1"})


def read_tag(body: object) -> Page:
    return TAG.read(answer(TAG_ASK, body), {})


@given(st.sampled_from(list(places(PAGE))), ANY_JSON)
def test_any_value_in_any_place_of_a_page(at: tuple[str | int, ...], to: object) -> None:
    body = changed(PAGE, at, to)
    check(read_tag(body))
    check(ACCOUNT.read(answer(STATUSES_ASK, body), {}))


def test_nasty_values_in_every_place_of_a_page() -> None:
    assert everywhere(PAGE, read_tag) > 400


def test_nasty_values_in_every_place_of_a_servers_and_an_accounts_description() -> None:
    first, lookup = TAG.first({}), ACCOUNT.first({})
    everywhere(saved("mastodon/instance.json"), lambda body: TAG.read(answer(first, body), {}))
    everywhere(saved("mastodon/account.json"), lambda body: ACCOUNT.read(answer(lookup, body), {}))


def test_one_bad_post_never_costs_the_others() -> None:
    for at in places(PAGE[0]):
        for to in (None, 5, "x", [], {}):
            page = check(read_tag([changed(PAGE[0], at, to), PAGE[1]]))
            assert any(post.native_id == PAGE[1]["uri"] for post in page.posts)


@given(bodies(json.dumps(PAGE).encode()), st.sampled_from([200, 206, 400, 404, 410, 422, 429, 500]))
def test_any_bytes(body: bytes, status: int) -> None:
    for reader, ask in ((TAG, TAG_ASK), (TAG, TAG.first({})), (ACCOUNT, STATUSES_ASK), (ACCOUNT, ACCOUNT.first({}))):
        check(reader.read(answer(ask, body), {}))
        refusal = reader.refusal(answer(ask, body, status), {})
        assert refusal is None or check(refusal)
    check(mastodon_recheck.read(answer(STATUS_ASK, body, status)))


@given(ANY_JSON)
def test_any_json(body: object) -> None:
    for reader, ask in ((TAG, TAG_ASK), (TAG, TAG.first({})), (ACCOUNT, STATUSES_ASK), (ACCOUNT, ACCOUNT.first({}))):
        check(reader.read(answer(ask, body), {}))
    check(mastodon_recheck.read(answer(STATUS_ASK, body)))
    assert isinstance(objection(body, "discovered"), str)


@given(st.text(), st.text(), st.text())
def test_any_header(link: str, left: str, reset: str) -> None:
    headers = {"link": link, "x_ratelimit_remaining": left, "x_ratelimit_reset": reset, "retry_after": reset}
    check(TAG.read(answer(TAG_ASK, PAGE, **headers), {}))
    refusal = TAG.refusal(answer(TAG_ASK, b"", 429, **headers), {})
    assert refusal is None or check(refusal)


@given(st.text(alphabet=st.sampled_from("<>/ab &;#\"'=-!?[]x\n@.:h"), max_size=200) | st.text())
def test_any_html(html: str) -> None:
    try:
        said = plain(html)
    except Refused:
        return
    assert len(said) <= len(html) * 2 + 2


@given(st.text() | st.text(max_size=20).map("https://x.example/tags/".__add__))
def test_any_address_is_read_or_refused(address: str) -> None:
    try:
        reader = mastodon_timeline(address, {})
    except AddressWrong:
        return
    assert reader.first({}).url.startswith(("http://", "https://"))


def test_reading_takes_time_that_grows_with_the_size_and_no_more() -> None:
    started = time.process_time()
    for piece in (
        "<a ",
        "<!--",
        "<p>",
        "&",
        "<br>",
        "</body",
        "<body ",
        "<a href=x>y</a>",
        "<![CDATA[",
        "\n ",
        "&#",
        "{",
    ):
        html = piece * (400_000 // len(piece))
        try:
            plain(html)
        except Refused:
            continue
    for piece in ("<", "<>", '<a>;rel="prev",', "<a>;", ";rel", " "):
        newer_than(piece * 100_000)
    check(read_tag([{**PAGE[0], "id": str(n)} for n in range(1000)]))
    assert time.process_time() - started < 30
