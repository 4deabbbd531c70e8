"""Any public site by its selectors: what is read, what is cut, and which pages are walls. All pages are invented."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.health import HealthState
from collectors.readers.reader import AddressWrong, Answer, Ask, Page
from collectors.readers.web.dates import moment
from collectors.readers.web.reader import WebReader, web_reader
from collectors.readers.web.site import read_site
from collectors.unmasked import UnmaskedPost

PAGES = Path(__file__).parent
SITE = (PAGES / "forum-x.toml").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
START = "https://forum.example/c/muziek"
TOPIC = "https://forum.example/t/optreden-zaterdag/41"
TOPIC_BYTES = (PAGES / "topic.html").read_bytes()
A_LIST = Ask(START, step="list", carry={"page": "1", "start": "0"})
A_TOPIC = Ask(TOPIC, step="topic", carry={"page": "1", "start": "0", "date": "2026-11-22T19", "sample": "1"})


def reader(site: str = SITE) -> WebReader:
    return WebReader(read_site(site))


def answer(body: bytes, ask: Ask, url: str = "", status: int = 200, **headers: str) -> Answer:
    told = {"content-type": "text/html"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(ask, status, told, body, url or ask.url, NOW)


def read(page: str, ask: Ask = A_TOPIC, marks: dict[str, str] | None = None, url: str = "") -> Page:
    return reader().read(answer((PAGES / f"{page}.html").read_bytes(), ask, url), marks or {})


def posts(page: Page) -> dict[str, UnmaskedPost]:
    return {post.native_id.partition(":")[2]: post for post in page.posts}


def topic(*numbers: int, date: str = "2026-11-22T20:00:00+01:00", head: str = "", tail: str = "") -> bytes:
    made = "".join(
        f'<article class="post" data-id="{n}"><time datetime="{date}"></time><div class="body">Bericht {n}</div>'
        "</article>"
        for n in numbers
    )
    return f"<!DOCTYPE html><html><head>{head}</head><body>{made}{tail}</body></html>".encode()


def test_a_site_is_read_by_the_name_of_its_file() -> None:
    assert web_reader("forum-x", {"web-sites": str(PAGES)}).first({}).url == START


def test_a_site_is_asked_at_the_pace_of_its_file() -> None:
    listed = read("list", reader().first({}))
    topic_read = read("topic")
    assert {ask.delay for ask in (reader().first({}), *listed.next, *topic_read.next)} == {5.0}
    slower = reader(SITE.replace("delay = 5", "delay = 20"))
    assert slower.first({}).delay == 20.0


def test_the_example_in_the_how_to_is_read_as_it_says() -> None:
    page = (PAGES.parents[3] / "docs" / "how-to" / "write-a-sites-file.md").read_text(encoding="utf-8")
    file, html = (page.split(f"```{kind}\n")[1].split("```")[0] for kind in ("toml", "html"))
    read_page = reader(file).read(answer(f"<!DOCTYPE html><html><body>{html}</body></html>".encode(), A_TOPIC), {})
    assert {number: post.text for number, post in posts(read_page).items()} == {
        "41": "Optreden\n\nZaterdag om acht uur bij het podium"
    }


@pytest.mark.parametrize("name", ["", "../forum-x", "forum-y", "/etc/passwd", "Forum-X", "a\0b"])
def test_a_site_without_a_file_is_an_address_that_is_wrong(name: str) -> None:
    with pytest.raises(AddressWrong) as wrong:
        web_reader(name, {"web-sites": str(PAGES)})
    assert not name or name not in str(wrong.value)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('name = "forum-x"', 'name = "forum-x"\nfollow_users = true', "follow_users"),
        ("terms_read = true", "terms_read = false", "approved.terms_read"),
        ("robots_ok = true", "", "approved.robots_ok"),
        ('item = "li.topic"', 'item = "li..["', "list.item"),
        ('text = ".body"', 'text = ".body::text"', "post.text"),
        ("Europe/Amsterdam", "Europe/Nergens", "date.timezone"),
        ('"nl"', '"xx-qq"', "date.locale"),
        ("delay = 5", "delay = 0", "limits.delay"),
        ('["forum.example"]', '["elders.example"]', "the file"),
        ("[approved]", "[approved", "no TOML"),
    ],
)
def test_a_file_with_a_fault_is_refused_and_says_where(old: str, new: str, where: str) -> None:
    assert old in SITE
    with pytest.raises(AddressWrong, match=where):
        read_site(SITE.replace(old, new))


def test_a_list_leads_to_its_topics_and_no_further_than_the_site() -> None:
    found = read("list", A_LIST)
    assert [ask.url for ask in found.next] == [TOPIC, "https://forum.example/t/nieuwe-clip/40"]
    assert found.oddities == {"other_domain": 1, "too_old": 1, "no_link": 1}
    assert not found.posts


def test_a_list_goes_on_only_while_it_may_hold_what_we_have_not_seen() -> None:
    young = (PAGES / "list.html").read_bytes().replace(b"2026-09-01", b"2026-11-19")
    more = [ask for ask in reader().read(answer(young, A_LIST), {}).next if ask.step == "list"]
    assert [(ask.url, ask.back) for ask in more] == [("https://forum.example/c/muziek?page=2", True)]
    known = reader().read(answer(young, A_LIST), {"newest:0": "2026-11-21T12:00:00+00:00"})
    assert not [ask for ask in known.next if ask.step == "list"]
    last = Ask(START, step="list", carry={"page": "3", "start": "0"})
    out_of_reach = reader().read(answer(young, last), {"newest:0": "2026-11-01T12:00:00+00:00"})
    assert out_of_reach.gap


def test_a_topic_that_did_not_change_is_opened_after_those_that_did() -> None:
    first = read("list", A_LIST)
    seen = reader().read(answer(TOPIC_BYTES, first.next[0]), {})
    again = read("list", A_LIST, dict(seen.marks))
    assert [ask.url for ask in again.next] == ["https://forum.example/t/nieuwe-clip/40", TOPIC]


def test_a_post_is_read_with_its_lines_entities_emoji_and_the_title_of_its_topic() -> None:
    post = posts(read("topic"))["1001"]
    assert post.text == (
        "Optreden zaterdag\n\nWie komt er zaterdag naar het plein?\nHet begint om 16:00 🔥\n\n"
        "<geen> entree & geen gedoe"
    )
    assert post.link == TOPIC
    assert post.posted_at == datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


def test_quotes_and_authors_are_cut_out_of_the_text() -> None:
    found = read("topic")
    assert posts(found)["1002"].text == "Ik kom.\nNeem de kaart mee."
    assert not any("qzcanary" in post.text or "geheim" in post.text for post in found.posts)


def test_dates_are_read_in_the_formats_of_the_site() -> None:
    found = read("topic")
    assert posts(found)["1002"].posted_at == datetime(2026, 11, 22, 18, 5, tzinfo=UTC)
    assert posts(found)["1005"].posted_at is None
    assert posts(found)["1005"].text == "مرحبا غدا"


def test_what_cannot_be_read_is_counted_and_the_rest_goes_on() -> None:
    found = read("topic")
    assert set(posts(found)) == {"1001", "1002", "1005"}
    assert found.oddities == {"no_text": 1, "no_id": 1, "no_time": 1}
    assert [aside.refused.field_path for aside in found.set_aside] == ["post.id"]
    assert found.state is HealthState.OK


def test_an_edit_is_another_version_of_the_same_post() -> None:
    before, after = topic(1, 2), topic(1, 2).replace(b"Bericht 2", b"Anders 2")
    one, two = (posts(reader().read(answer(body, A_TOPIC), {}))["2"] for body in (before, after))
    assert one.native_id == two.native_id
    assert one.version != two.version


@pytest.mark.parametrize(
    ("before", "after", "gone"),
    [
        ((1, 2, 3), (1, 3), ["2"]),
        ((1, 2, 3), (1, 2), ["3"]),  # the newest stood at the end
        ((1, 2, 3), (2, 3), []),  # it may stand on the page before
        ((1, 2, 3), (1, 2, 3, 4), []),
        ((1, 2, 3), (7, 8), []),
    ],
)
def test_a_post_that_left_its_page_is_gone(before: tuple[int, ...], after: tuple[int, ...], gone: list[str]) -> None:
    marks = dict(reader().read(answer(topic(*before), A_TOPIC), {}).marks)
    found = reader().read(answer(topic(*after), A_TOPIC), marks)
    assert [one.native_id for one in found.gone] == [f"forum-x:{number}" for number in gone]


def test_a_topic_that_is_gone_takes_its_posts_away() -> None:
    marks = dict(reader().read(answer(topic(1, 2), A_TOPIC), {}).marks)
    found = reader().refusal(answer(b"", A_TOPIC, status=404), marks)
    assert found is not None
    assert [one.native_id for one in found.gone] == ["forum-x:1", "forum-x:2"]
    assert found.state is HealthState.OK
    assert reader().refusal(answer(b"", A_LIST, status=404), marks) is None
    assert reader().refusal(answer(b"", A_TOPIC, status=403), marks) is None


def test_what_is_remembered_of_a_site_stays_small() -> None:
    """A thousand topics of a hundred long ids each, read in many visits."""
    marks: dict[str, str] = {}
    for visit in range(20):
        items = "".join(
            f'<li class="topic"><a class="title" href="/t/{visit * 50 + n}">x</a>'
            '<time datetime="2026-11-22T20:15:00+01:00"></time></li>'
            for n in range(50)
        )
        listed = reader().read(answer(f"<html><body>{items}</body></html>".encode(), A_LIST), marks)
        for page in (
            listed,
            *(reader().read(answer(topic(*range(10**39, 10**39 + 100)), ask), marks) for ask in listed.next[:14]),
        ):
            marks |= page.marks
        marks = {name: value for name, value in marks.items() if value}
    assert sum(len(name) + len(value) + 8 for name, value in marks.items()) < 60_000


@pytest.mark.parametrize("page", ["login_wall", "cookie_wall", "age_wall", "captcha"])
@pytest.mark.parametrize("ask", [A_LIST, A_TOPIC])
def test_a_wall_is_told_by_its_name_and_not_passed(page: str, ask: Ask) -> None:
    body = (PAGES / f"{page}.html").read_bytes().replace(b"noindex,nofollow", b"all")
    found = reader().read(answer(body, ask), {"matched:list": "1", "matched:post": "1"})
    assert (found.state, found.reason, found.wait, found.next) == (HealthState.BLOCKED, page, 0, ())


def test_a_log_in_form_beside_the_posts_is_no_wall() -> None:
    assert read("topic").state is HealthState.OK


def test_a_marker_of_the_site_itself_stops_it_wherever_it_stands() -> None:
    found = reader().read(answer(topic(1, tail='<div id="members-only"></div>'), A_TOPIC), {})
    assert (found.state, found.reason, found.posts) == (HealthState.BLOCKED, "login_wall", ())


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://forum.example/login?next=/c/muziek", "login_wall"),
        ("https://consent.forum.example/?to=x", "cookie_wall"),
        ("https://elders.example/", "other_domain"),
    ],
)
def test_being_led_away_stops_the_site(url: str, reason: str) -> None:
    found = read("list", A_LIST, url=url)
    assert (found.state, found.reason, found.next) == (HealthState.BLOCKED, reason, ())


def test_an_empty_page_a_new_make_and_a_wrong_selector_are_told_apart() -> None:
    assert read("empty", A_LIST).state is HealthState.NOTHING_NEW
    bare = answer(b"<html><body><p>Iets anders</p></body></html>", A_LIST)
    assert reader().read(bare, {}).reason == "never_matched"
    changed = reader().read(bare, {"matched:list": "1"})
    assert (changed.state, changed.reason) == (HealthState.MISPARSED, "no_items")
    wordless = reader().read(answer(TOPIC_BYTES.replace(b'class="body"', b'class="b"'), A_TOPIC), {})
    assert (wordless.state, wordless.reason) == (HealthState.MISPARSED, "no_text_in_items")
    numberless = reader().read(answer(TOPIC_BYTES.replace(b"data-id", b"data-nr"), A_TOPIC), {})
    assert numberless.state is HealthState.MISPARSED or not numberless.posts


def test_a_page_that_asks_not_to_be_stored_is_not() -> None:
    asking = topic(1, head='<meta name="robots" content="noindex">')
    inner = reader().read(answer(asking, A_TOPIC), {})
    assert (inner.posts, inner.oddities, inner.state) == ((), {"noindex": 1}, HealthState.OK)
    start = reader().read(answer((PAGES / "list.html").read_bytes(), A_LIST, x_robots_tag="*: none"), {})
    assert (start.state, start.reason, start.next) == (HealthState.BLOCKED, "noindex", ())


def test_a_site_without_a_list_is_read_page_by_page_until_it_is_known() -> None:
    flat = SITE.replace("[list]", "[unused]")
    start, end = flat.index("[unused]"), flat.index("[post]")
    site = flat[:start] + flat[end:]
    first = reader(site).first({})
    assert first.step == "posts"
    dated = "".join(
        f'<article class="post" data-id="{n}"><time datetime="2026-11-{n}T20:00:00+01:00"></time><div class="body">B {n}</div></article>'  # noqa: E501
        for n in (22, 21, 20)
    )
    body = f'<html><body>{dated}<a rel="next" href="?page=2">verder</a></body></html>'.encode()
    fresh = reader(site).read(answer(body, first), {})
    assert [(ask.url, ask.back) for ask in fresh.next] == [(f"{START}?page=2", True)]
    assert not reader(site).read(answer(body, first), dict(fresh.marks)).next


def test_pages_of_other_character_sets_are_read() -> None:
    page = topic(1).decode().replace("Bericht 1", "één café")
    told = reader().read(answer(page.encode("cp1252"), A_TOPIC, content_type="text/html; charset=iso-8859-1"), {})
    untold = reader().read(answer(page.encode("cp1252"), A_TOPIC), {})
    marked = reader().read(answer(b"\xef\xbb\xbf" + page.encode(), A_TOPIC, content_type="text/html; charset=x"), {})
    assert {posts(found)["1"].text for found in (told, untold, marked)} == {"één café"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("gisteren 14:05", datetime(2026, 11, 21, 13, 5, tzinfo=UTC)),
        ("Vandaag om 20.15", datetime(2026, 11, 22, 19, 15, tzinfo=UTC)),
        ("eergisteren, 09:00", datetime(2026, 11, 20, 8, 0, tzinfo=UTC)),
        ("3 uur geleden", datetime(2026, 11, 22, 19, 0, tzinfo=UTC)),
        ("een dag geleden", datetime(2026, 11, 21, 22, 0, tzinfo=UTC)),
        ("5 minutes ago", datetime(2026, 11, 22, 21, 55, tzinfo=UTC)),
        ("2 weken geleden", datetime(2026, 11, 8, 22, 0, tzinfo=UTC)),
        ("zojuist", NOW),
        ("1 mei 2026 10:00", datetime(2026, 5, 1, 8, 0, tzinfo=UTC)),
        ("2026-11-22", datetime(2026, 11, 21, 23, 0, tzinfo=UTC)),
        ("2026-11-22T10:00:00Z", datetime(2026, 11, 22, 10, 0, tzinfo=UTC)),
        ("ooit", None),
        ("", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999 jaar geleden", None),
    ],
)
def test_moments_as_people_write_them(written: str, expected: datetime | None) -> None:
    assert moment(written, ("iso8601", "%d %B %Y %H:%M"), "Europe/Amsterdam", "nl", NOW) == expected


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60) | st.from_regex(r"[0-9]{1,5} (uur|dag|jaar|min) (geleden|ago)|(gisteren|vandaag) [0-9:]+"))
def test_no_date_makes_the_reader_fall(written: str) -> None:
    moment(written, ("iso8601", "%d-%m-%Y %H:%M", "%d %b %y"), "Europe/Amsterdam", "nl", NOW)


@pytest.mark.parametrize("body", [b"", b"null", b'{"a": [1]}', b"\0", b"<", b"nothing", b"[", b"\xff\xfe\0"])
@pytest.mark.parametrize("ask", [A_LIST, A_TOPIC])
def test_what_is_no_page_is_said_to_be_none(body: bytes, ask: Ask) -> None:
    assert reader().read(answer(body, ask), {}).state is HealthState.MISPARSED


@pytest.mark.parametrize(
    "body",
    [
        b'<article class="post" data-id="1"><div class="body">' * 50_000,
        topic(*range(20_000)),
        topic(1, tail="<div>" * 200_000),
        topic(1).replace(b"Bericht", b"<blockquote>" * 20_000),
        topic(1).replace(b"Bericht", b"lang woord " * 10_000),
    ],
)
def test_hostile_pages_take_bounded_time(body: bytes) -> None:
    started = time.process_time()
    reader().read(answer(body, A_TOPIC), {})
    assert time.process_time() - started < 20


_WILD = st.one_of(st.text(max_size=30), st.sampled_from(["null", "-1", "[]", "{}", "http://[", "//", "\0", "1e999"]))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2000), st.text(max_size=40), st.sampled_from([A_LIST, A_TOPIC]))
def test_no_bytes_make_the_reader_fall(body: bytes, kind: str, ask: Ask) -> None:
    reader().read(answer(body, ask, content_type=kind), {})


@settings(max_examples=200, deadline=None)
@given(st.data(), st.integers(0, 400), _WILD, st.sampled_from([("list", A_LIST), ("topic", A_TOPIC)]))
def test_any_piece_of_a_page_may_be_anything(data: st.DataObject, length: int, put: str, of: tuple[str, Ask]) -> None:
    whole = (PAGES / f"{of[0]}.html").read_bytes()
    start = data.draw(st.integers(0, len(whole)))
    body = whole[:start] + put.encode("utf-8", "surrogatepass") + whole[start + length :]
    found = reader().read(answer(body, of[1]), {"matched:post": "1"})
    assert all(post.text and post.native_id and post.version for post in found.posts)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["newest:0", "matched:list", "page:0:x", "page:null:y"]), _WILD), _WILD, _WILD)
def test_marks_addresses_and_carried_words_may_be_anything(marks: dict[str, str], carried: str, url: str) -> None:
    for name, step in (("list", "list"), ("topic", "topic"), ("topic", "posts")):
        ask = Ask(url, step=step, carry={"page": carried, "start": carried, "date": carried})
        body = (PAGES / f"{name}.html").read_bytes()
        reader().read(answer(body, ask, url), marks)
        reader().refusal(answer(body, ask, url, status=404), marks)


def test_nothing_prints_what_it_holds() -> None:
    assert "forum" not in repr(reader()) + repr(read("list", A_LIST).next) + repr(read("topic").posts)
