"""The preview of a Telegram channel: messages, edges and moods. The pages are invented; their shape is not."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.health import HealthState
from collectors.readers.reader import AddressWrong, Answer, Ask, Page
from collectors.readers.telegram.reader import TelegramReader, telegram_reader
from collectors.unmasked import UnmaskedPost

PAGES = Path(__file__).parent
NAME = "drilkanaal_verzonnen"
NOW = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
NEWEST = (PAGES / "newest.html").read_bytes()
KNOWN = {"newest": "120", "channel": "-1001234567890"}


def reader() -> TelegramReader:
    return telegram_reader(f"https://t.me/s/{NAME}", {})


def answer(body: bytes, ask: Ask | None = None, status: int = 200, **headers: str) -> Answer:
    asked = ask or reader().first({})
    told = {"content-type": "text/html; charset=utf-8"} | {k.replace("_", "-"): v for k, v in headers.items()}
    return Answer(asked, status, told, body, asked.url, NOW)


def read(page: str, marks: dict[str, str] | None = None, ask: Ask | None = None) -> Page:
    return reader().read(answer((PAGES / f"{page}.html").read_bytes(), ask), marks or {})


def posts(page: Page) -> dict[int, UnmaskedPost]:
    return {int(post.native_id.partition("/")[2]): post for post in page.posts}


def page_of(*blocks: str, head: str = "", end: str = "</section></body></html>") -> bytes:
    return (
        f'<!DOCTYPE html><html><head>{head}</head><body><section class="tgme_channel_history">'
        f"{''.join(blocks)}{end}".encode()
    )


def block(number: int, inner: str, foot: bool = True) -> str:
    date = f'<a class="tgme_widget_message_date" href="https://t.me/{NAME}/{number}"><time datetime="2026-11-22T20:00:00+00:00"></time></a>'  # noqa: E501
    return (
        f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message" data-post="{NAME}/{number}">'
        f"{inner}{date if foot else ''}</div></div>"
    )


def said(words: str) -> str:
    return f'<div class="tgme_widget_message_text js-message_text" dir="auto">{words}</div>'


@pytest.mark.parametrize(
    "address",
    [f"https://t.me/s/{NAME}", f"https://t.me/{NAME}/", f"t.me/{NAME}", f"@{NAME}", NAME, f"http://telegram.me/{NAME}"],
)
def test_a_channel_is_written_in_every_usual_way(address: str) -> None:
    ask = telegram_reader(address, {}).first({})
    assert ask.url == f"https://t.me/s/{NAME}"
    assert not ask.follow


@pytest.mark.parametrize(
    "address",
    ["https://t.me/+AbCdEf123", "https://t.me/joinchat", "https://t.me/c/12345/6", "https://x.example/abc", "", "a b"],
)
def test_invitations_private_chats_and_other_sites_are_no_channel(address: str) -> None:
    with pytest.raises(AddressWrong) as wrong:
        telegram_reader(address, {})
    assert not address or address not in str(wrong.value)


def test_a_message_is_read_with_its_line_breaks_entities_and_emoji() -> None:
    post = posts(read("newest"))[102]
    assert post.text.startswith(
        "Morgen 16:00 plein Zaandam\nneem iedereen mee @qzcanary9 & kom <op tijd> 🔥\n\nregel een\n"
    )
    assert post.link == f"https://t.me/{NAME}/102"
    assert post.posted_at == datetime(2026, 11, 20, 18, 4, 5, tzinfo=UTC)


def test_no_word_of_an_author_leaves_the_page() -> None:
    """Signature, forwarder, performer, contact card and quoted message; a mention in the text is masked further on."""
    found = read("newest")
    for post in found.posts:
        for number in (4, 5, 6, 7, 8):
            assert f"qzcanary{number}" not in post.text
        assert "woorden van een ander" not in post.text
        assert "1.2K" not in post.text


def test_a_tag_left_open_lets_no_signature_into_the_text() -> None:
    open_tag = NEWEST.replace(b"Mijn eigen antwoord</div>", b"Mijn eigen antwoord")
    post = posts(reader().read(answer(open_tag), {}))[104]
    assert post.text == "Mijn eigen antwoord"


def test_markup_that_became_words_is_set_aside() -> None:
    broken = NEWEST.replace(b"Mijn eigen antwoord</div>", b"Mijn eigen antwoord<xmp>")
    found = reader().read(answer(broken), {})
    assert 104 not in posts(found)
    assert len(found.set_aside) == 1


def test_polls_places_titles_and_linked_pages_are_text_too() -> None:
    found = posts(read("newest"))
    assert found[109].text == "Waar zijn jullie zaterdag?\n\nStation\n\nPlein"
    assert found[111].text == "Buurthuis De Verzinning\n\nVoorbeeldplein"
    assert found[112].text == "Verzonnen track"
    assert found[113].text == "Kijk dit hier\n\nTitel van de clip\n\nWat eronder staat"


def test_an_album_is_one_post_and_its_text_is_not_said_twice() -> None:
    found = posts(read("newest"))
    assert found[106].text == "Album van gisteren"
    assert not {107, 108} & found.keys()


def test_an_edit_is_another_version_of_the_same_post() -> None:
    before = posts(reader().read(answer(page_of(block(7, said("Eerst dit")))), {}))[7]
    after = posts(reader().read(answer(page_of(block(7, said("Nu dat")))), {}))[7]
    marked = '<span class="tgme_widget_message_meta">edited <a class="tgme_widget_message_date"></a></span>'
    edited = posts(reader().read(answer(page_of(block(7, said("Nu dat") + marked))), {}))[7]
    assert before.native_id == after.native_id
    assert len({before.version, after.version, edited.version}) == 3
    assert edited.edited
    assert not after.edited


def test_the_word_edited_in_a_text_is_no_edit() -> None:
    assert not posts(reader().read(answer(page_of(block(7, said("edited door mij")))), {}))[7].edited


def test_what_holds_no_words_is_counted() -> None:
    found = read("newest")
    assert found.state is HealthState.OK
    assert found.oddities == {"service_message": 1, "no_text": 4}
    assert not found.set_aside


def test_times_with_an_offset_and_wrong_ones_are_kept_as_the_source_tells_them() -> None:
    found = posts(read("newest"))
    assert found[110].posted_at == datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
    assert found[119].posted_at == datetime(1970, 1, 1, tzinfo=UTC)


def test_the_second_page_is_always_read_again_for_edits_and_no_further() -> None:
    first = read("newest", KNOWN)
    (older,) = first.next
    assert (older.params, older.back) == ({"before": "101"}, False)
    assert not read("older", KNOWN, older).next


def test_after_an_outage_the_visit_goes_back_to_the_last_known_message() -> None:
    marks = KNOWN | {"newest": "60"}
    (older,) = read("newest", marks).next
    assert older.back
    (further,) = read("older", marks, older).next
    assert (further.params, further.back) == ({"before": "81"}, True)
    assert read("newest", marks).marks["newest"] == "120"
    assert "newest" not in read("older", marks, older).marks


def test_what_is_older_than_a_month_is_given_up_and_said_to_be_a_gap() -> None:
    ask = Ask("https://t.me/s/x", step="page", carry={"page": "2", "before": "101"})
    late = Answer(ask, 200, {}, (PAGES / "older.html").read_bytes(), ask.url, datetime(2027, 1, 20, tzinfo=UTC))
    found = reader().read(late, KNOWN | {"newest": "60"})
    assert found.gap
    assert not found.next
    assert not reader().read(late, {}).gap


def test_the_first_page_of_the_history_has_none_before_it() -> None:
    assert not read("first_of_history").next


def test_a_page_that_links_to_itself_makes_no_circle() -> None:
    ask = Ask("https://t.me/s/x", step="page", carry={"page": "2", "before": "81"})
    assert not read("older", {}, ask).next


def test_a_vanished_message_is_asked_for_and_then_gone() -> None:
    marks = KNOWN | {"ids1": "102,107,118,120,121", "doubt90": "1"}
    found = read("newest", marks)
    asked = [ask for ask in found.next if ask.step == "fate"]
    assert [ask.url.rsplit("/", 1)[1] for ask in asked] == ["121", "90"]  # 107 is part of an album, 118 has no words
    assert found.marks["doubt121"] == "1"
    gone = read("fate_gone", {}, asked[0])
    assert [one.native_id for one in gone.gone] == [f"{NAME}/121"]
    assert gone.marks == {"doubt121": ""}
    assert not gone.posts


@pytest.mark.parametrize("page", ["fate_private", "landing_group", "challenge", "newest"])
def test_a_fate_that_no_page_tells_is_unknown_and_asked_again(page: str) -> None:
    found = read(page, {}, Ask("x", step="fate", carry={"number": "555"}))
    assert found == Page(oddities={"fate_unknown": 1})


def test_a_message_that_lives_is_not_stored_from_the_page_that_says_so() -> None:
    found = read("fate_alive", {}, Ask("x", step="fate", carry={"number": "102"}))
    assert (found.posts, found.gone, found.marks) == ((), (), {"doubt102": ""})
    assert read("fate_gone_old_make", {}, Ask("x", step="fate", carry={"number": "102"})).gone


def test_a_redirect_means_that_there_is_no_preview() -> None:
    to_landing = answer(b"", status=302, location=f"https://t.me/{NAME}")
    found = reader().refusal(to_landing, {})
    assert found is not None
    assert (found.state, found.reason, found.wait) == (HealthState.BLOCKED, "no_preview", 0)
    assert reader().refusal(answer(b"", status=429), {}) is None


def test_another_spelling_of_the_name_is_followed_once() -> None:
    moved = answer(b"", status=301, location=f"/s/{NAME.upper()}")
    found = reader().refusal(moved, {})
    assert found is not None
    (again,) = found.next
    stopped = reader().refusal(answer(b"", again, status=301, location=f"/s/{NAME}"), {})
    assert stopped is not None
    assert stopped.state is HealthState.BLOCKED


@pytest.mark.parametrize(
    ("page", "marks", "state", "reason"),
    [
        ("landing_group", {}, HealthState.BLOCKED, "no_preview"),
        ("challenge", {}, HealthState.BLOCKED, "captcha"),
        ("empty_channel", {}, HealthState.NOTHING_NEW, ""),
        ("empty_channel", KNOWN, HealthState.MISPARSED, "items_vanished"),
        ("nothing_found", {}, HealthState.NOTHING_NEW, ""),
        ("nothing_found", KNOWN, HealthState.SLOWED, "throttled"),
        ("newest", {"channel": "-1009"}, HealthState.BLOCKED, "another_channel"),
    ],
)
def test_empty_throttled_blocked_and_taken_over_are_told_apart(
    page: str, marks: dict[str, str], state: HealthState, reason: str
) -> None:
    found = read(page, marks)
    assert (found.state, found.reason, found.posts) == (state, reason, ())


def test_a_message_that_quotes_a_marker_changes_nothing() -> None:
    found = reader().read(answer(page_of(block(7, said("&lt;div class=tme_no_messages_found&gt; captcha login")))), {})
    assert (found.state, len(found.posts)) == (HealthState.OK, 1)


def test_a_page_of_a_new_make_is_an_error_and_not_an_empty_page() -> None:
    renamed = reader().read(answer(NEWEST.replace(b"message_text", b"message_words")), {})
    assert (renamed.state, renamed.reason) == (HealthState.MISPARSED, "no_text_in_items")
    blockless = reader().read(answer(NEWEST.replace(b'"tgme_widget_message ', b'"tgme_block ')), {})
    assert (blockless.state, blockless.reason) == (HealthState.MISPARSED, "no_items")


def test_a_page_that_asks_not_to_be_stored_is_not() -> None:
    asking = NEWEST.replace(b"<head>", b'<head><meta name="Robots" content="NOINDEX, nofollow">')
    for found in (reader().read(answer(asking), {}), reader().read(answer(NEWEST, x_robots_tag="noindex"), {})):
        assert (found.state, found.reason, found.posts) == (HealthState.BLOCKED, "noindex", ())


def test_one_bad_block_is_set_aside_and_the_rest_goes_on() -> None:
    bad = '<div class="tgme_widget_message" data-post="[1]"><div class="new_make">Woorden die niemand kent</div></div>'
    found = reader().read(answer(page_of(bad, block(7, said("goed")), block(8, said("ook")))), {})
    assert (len(found.posts), len(found.set_aside), found.state) == (2, 1, HealthState.OK)
    assert found.oddities["unreadable"] == 1


def test_a_page_cut_off_halfway_gives_its_whole_messages_and_comes_back() -> None:
    cut = page_of(block(7, said("heel")), block(8, said("half"), foot=False), end="")
    found = reader().read(answer(cut), {})
    assert list(posts(found)) == [7]
    assert (found.state, found.reason, found.oddities["cut_off"]) == (HealthState.FAILING, "cut_off", 1)


def test_long_right_to_left_and_damaged_text_is_read() -> None:
    long, rtl = "zaterdag " * 12_000, "‮غدا في الحارة‬ שלום"
    body = page_of(block(7, said(long)), block(8, said(rtl))).replace(b"zaterdag ", b"zaterdag\xff ", 1)
    found = reader().read(answer(b"\xef\xbb\xbf" + body), {})
    assert len(posts(found)[7].text) > 100_000
    assert posts(found)[8].text == rtl
    assert found.oddities == {"invalid_utf8": 1}


@pytest.mark.parametrize(
    "body", [b"", b"null", b'{"error": 500}', b"[1, 2]", b"\0\0\0", b"<", b"<!--", b"<html", b"nothing", b"\xff\xfe<\0"]
)
def test_what_is_no_page_is_said_to_be_none(body: bytes) -> None:
    found = reader().read(answer(body), {})
    assert (found.state, found.posts) == (HealthState.MISPARSED, ())


@pytest.mark.parametrize(
    "body",
    [
        b'<div class="tgme_widget_message">' * 100_000,
        page_of(block(7, "<div>" * 100_000 + said("diep"))),
        page_of(block(7, said("<i>" * 100_000))),
        page_of(*(block(n, "") for n in range(10_000))),
        b"<" * 2_000_000,
        b"<a class='" * 200_000,
        b"<!--" * 500_000,
    ],
)
def test_hostile_pages_take_bounded_time(body: bytes) -> None:
    started = time.process_time()
    reader().read(answer(body), {})
    assert time.process_time() - started < 20


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2000), st.sampled_from(["text/html", "text/html; charset=punycode", "", "application/json"]))
def test_no_bytes_make_the_reader_fall(body: bytes, kind: str) -> None:
    reader().read(answer(body, content_type=kind), KNOWN)


_WILD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["null", "0", "-1", "[]", "{}", "true", "1e999", "../..", "x/9999999999999", "eyJjIjpudWxsfQ"]),
)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(NEWEST) - 1), st.integers(0, 400), _WILD)
def test_any_piece_of_a_page_may_be_anything(start: int, length: int, put: str) -> None:
    body = NEWEST[:start] + put.encode("utf-8", "surrogatepass") + NEWEST[start + length :]
    found = reader().read(answer(body), KNOWN)
    assert all(post.text and post.native_id and post.version for post in found.posts)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["newest", "channel", "ids1", "ids2", "doubt9", "doubtx"]), _WILD), _WILD)
def test_marks_and_carried_words_may_be_anything(marks: dict[str, str], carried: str) -> None:
    ask = Ask("https://t.me/s/x", step="page", carry={"page": carried, "before": carried})
    reader().read(answer(NEWEST, ask), marks)
    reader().read(answer(NEWEST, Ask("x", step="fate", carry={"number": carried})), marks)


def test_nothing_prints_what_it_holds() -> None:
    found = read("newest")
    assert NAME not in repr(found) + repr(found.posts) + repr(found.next) + repr(reader())
