"""Reading Mastodon-compatible servers: invented posts in the shapes of a real server (API of 4.5)."""

import json
from datetime import UTC, datetime

import pytest

from collectors.health import HealthState
from collectors.readers.mastodon import recheck as mastodon_recheck
from collectors.readers.mastodon.timeline import MastodonTimeline, mastodon_timeline
from collectors.readers.mastodon.words import plain
from collectors.readers.reader import AddressWrong, Answer, Ask, Page
from collectors.refused import Refused
from signals.dead_letter import DeadReason
from tests.collectors.readers.hostile import HERE, SEEN, answer, changed, check, damaged_bodies, saved

TAG = mastodon_timeline("https://voorbeeld.social/tags/zaandam", {})
ACCOUNT = mastodon_timeline("https://voorbeeld.social/@qzcanary1", {})
PAGE = saved("mastodon/hashtag_page.json")
LINK = (
    '<https://voorbeeld.social/api/v1/timelines/tag/zaandam?limit=40&max_id=115500000000000045>; rel="next", '
    '<https://voorbeeld.social/api/v1/timelines/tag/zaandam?limit=40&min_id=115500000000000059>; rel="prev"'
)
MARKS = {"min_id": "115500000000000040"}


def ask_page(marks: dict[str, str] | None = None, reader: MastodonTimeline = TAG) -> Ask:
    """The request for the posts themselves, as the server's description leads to it."""
    if reader.tag:
        page = reader.read(answer(reader.first(marks or {}), saved("mastodon/instance.json")), marks or {})
    else:
        page = reader.read(answer(reader.first(marks or {}), saved("mastodon/account.json")), marks or {})
    (ask,) = page.next
    return ask


def read(body: object, **headers: str) -> Page:
    return check(TAG.read(answer(ask_page(MARKS), body, link=LINK, **headers), MARKS))


def alone(number: int, **changes: object) -> object:
    """A page with one status of the saved page."""
    one = PAGE[number]  # type: ignore[index]
    return [{**one, **changes}]


def test_a_hashtag_gives_the_words_of_posts_and_nothing_of_their_authors() -> None:
    page = read(PAGE)
    assert [post.text for post in page.posts] == [
        "@qzcanary9 vanmiddag & vanavond <station> &amp; zo :blobcat: 🎉\n\n"
        "zie https://www.krant.example/nieuws/2026/11/een-heel-lang-adres\n#Zaandam\n\n"
        "Onrust in de wijk\n\nWat de buurt ervan zegt",
        "let op\n\ntoch om negen uur #Zaandam\n\nik kom\nik kom niet\n\nflyer: 20:00 uur Dam",
        "hier ben ik het mee eens #Zaandam",
        "اليوم الساعة ٨ e\u0301 #zaandam",
    ]
    first = page.posts[0]
    assert (first.lang, first.hashtags, first.posted_at) == (
        "nl",
        ("zaandam",),
        datetime(2026, 11, 20, 13, 59, 33, 901000, UTC),
    )
    assert "andermans woorden" not in str([post.text for post in page.posts])
    assert "Qzcanary" not in str([post.text for post in page.posts])


def test_who_did_not_agree_is_not_collected_and_every_reason_is_counted() -> None:
    page = read(PAGE)
    assert page.oddities == {
        "no_words": 1,
        "not_public": 1,
        "locked": 1,
        "noindex": 1,
        "not_indexable": 1,
        "consent_untold": 1,
        "not_discoverable": 1,
        "suspended": 1,
        "limited": 1,
        "profile_says_no": 1,
        "boost": 1,
    }
    assert not any("qzbesloten" in post.text for post in page.posts)
    assert page.set_aside == ()


@pytest.mark.parametrize(
    "word", ["#nobot", "#NoBots", "#noindex", "#noarchive", "#nosearch", "x<br>#<span>noindex</span>"]
)
@pytest.mark.parametrize("where", ["note", "display_name", "fields"])
def test_a_profile_that_asks_to_be_left_alone_is(word: str, where: str) -> None:
    account = PAGE[0]["account"]  # type: ignore[index]
    said: object = (
        [{"name": "let op", "value": word, "verified_at": None}] if where == "fields" else f"<p>Hoi {word}</p>"
    )
    assert read(alone(0, account={**account, where: said})).oddities["profile_says_no"] == 1
    said = [{"name": "x", "value": f"{word}heid"}] if where == "fields" else f"#noindexering {word}heid"
    assert len(read(alone(0, account={**account, where: said})).posts) == 1


@pytest.mark.parametrize("field", ["locked", "indexable", "discoverable"])
@pytest.mark.parametrize("value", [None, "true", "false", 1, 0, [], {}])
def test_a_consent_that_is_no_plain_yes_is_no_consent(field: str, value: object) -> None:
    account = {**PAGE[0]["account"], field: value}  # type: ignore[index]
    assert read(alone(0, account=account)).posts == ()


def test_an_approved_account_need_not_be_discoverable_but_its_other_wishes_count() -> None:
    account = {**saved("mastodon/account.json"), "discoverable": False}  # type: ignore[dict-item]
    ask = ACCOUNT.first({})
    (ask_statuses,) = check(ACCOUNT.read(answer(ask, account), {})).next
    assert ask_statuses.url.endswith(f"/api/v1/accounts/{account['id']}/statuses")
    assert ask_statuses.params == {"limit": "40", "exclude_reblogs": "true"}
    assert len(check(ACCOUNT.read(answer(ask_statuses, alone(0, account=account), link=LINK), {})).posts) == 1
    other = {**account, "id": "5"}
    assert check(ACCOUNT.read(answer(ask_statuses, alone(0, account=other)), {})).oddities["other_author"] == 1
    page = check(ACCOUNT.read(answer(ask, {**account, "indexable": False}), {}))
    assert (page.state, page.reason, page.next) == (HealthState.BLOCKED, "not_indexable", ())


def test_where_software_knows_no_such_setting_an_agreement_counts_and_a_no_stays_a_no() -> None:
    agreed = MastodonTimeline("https://voorbeeld.social", tag="zaandam", agreed=True)
    assert read([PAGE[9]]).oddities["consent_untold"] == 1  # type: ignore[index]
    silent = {**PAGE[0]["account"]}  # type: ignore[index]
    del silent["indexable"]
    assert len(check(agreed.read(answer(ask_page(MARKS), alone(0, account=silent)), MARKS)).posts) == 1
    no = {**silent, "indexable": False}
    assert len(check(agreed.read(answer(ask_page(MARKS), alone(0, account=no)), MARKS)).posts) == 0


def test_an_edit_is_a_new_version_of_the_same_post_and_newer() -> None:
    (before,) = read(alone(1, edited_at=None)).posts
    (after,) = read(alone(1)).posts
    assert before.native_id == after.native_id
    assert before.version != after.version
    assert before.revision < after.revision
    assert (before.edited, after.edited) == (False, True)
    assert after.version == "2026-11-20T15:00:00.250Z"


def test_a_preview_that_a_server_adds_later_makes_no_new_version() -> None:
    (before,), (after,) = read(alone(0, card=None)).posts, read(alone(0)).posts
    assert before.version == after.version
    (other,) = read(alone(0, content="<p>anders</p>")).posts
    assert other.version != before.version


def test_an_edit_that_takes_all_words_away_takes_the_post_away() -> None:
    page = read(alone(1, content="", spoiler_text="", poll=None, media_attachments=[]))
    (gone,) = page.gone
    assert gone.native_id == PAGE[1]["uri"]  # type: ignore[index]
    assert page.state is HealthState.OK


def test_the_same_post_on_another_server_is_the_same_post() -> None:
    (here,) = read(alone(0)).posts
    (there,) = read(alone(0, id="01J9ZZZZZZ", url="https://elders.example/@qzcanary1@voorbeeld.social/1")).posts
    assert here.native_id == there.native_id == PAGE[0]["uri"]  # type: ignore[index]
    (bare,) = read(alone(0, url=None)).posts
    assert bare.link == bare.native_id


@pytest.mark.parametrize("written", ["1970-01-01T00:00:00.000Z", "2099-01-01T00:00:00.000Z"])
def test_a_claimed_time_is_kept_and_no_version_lies_in_the_future(written: str) -> None:
    (post,) = read(alone(0, created_at=written)).posts
    assert post.posted_at == datetime.fromisoformat(written)
    assert 0 <= post.revision <= int(SEEN.timestamp() * 1_000_000)


@pytest.mark.parametrize("written", [None, 5, "gisteren", {}, "0001-01-01T00:00:00+14:00"])
def test_an_unreadable_time_costs_only_itself(written: object) -> None:
    (post,) = read(alone(0, created_at=written)).posts
    assert (post.posted_at, post.revision) == (None, 0)
    (post,) = read(alone(0, edited_at=written if written is not None else "x")).posts
    assert post.edited


def test_reading_goes_on_above_the_newest_until_nothing_is_left() -> None:
    page = read(PAGE)
    assert page.marks == {"min_id": "115500000000000059"}
    (further,) = page.next
    assert further.params == {"limit": "40", "min_id": "115500000000000059"}
    assert not further.back
    last = check(TAG.read(answer(further, []), MARKS))
    assert (last.state, last.marks, last.next) == (HealthState.NOTHING_NEW, {}, ())


def test_the_first_visit_goes_on_above_its_newest_post_later_and_reads_back_below_its_oldest_now() -> None:
    ask = ask_page()
    assert ask.params == {"limit": "40"}
    page = check(TAG.read(answer(ask, PAGE, link=LINK), {}))
    assert page.marks == {"min_id": "115500000000000059"}
    (back,) = page.next
    assert (back.params, back.back) == ({"limit": "40", "max_id": "115500000000000045"}, True)
    older = LINK.replace("000045", "000031").replace("000059", "000044")
    page = check(TAG.read(answer(back, PAGE, link=older), {}))
    assert page.marks == {}
    assert [ask.params["max_id"] for ask in page.next] == ["115500000000000031"]


def test_reading_back_ends_at_thirty_days_at_the_last_page_and_where_a_page_leads_to_itself() -> None:
    back = check(TAG.read(answer(ask_page(), PAGE, link=LINK), {})).next[0]
    further = LINK.replace("000045", "000031")
    assert check(TAG.read(answer(back, alone(0, created_at="2026-10-22T12:00:00Z"), link=further), {})).next != ()
    assert check(TAG.read(answer(back, alone(0, created_at="2026-10-20T12:00:00Z"), link=further), {})).next == ()
    assert check(TAG.read(answer(back, PAGE, link=LINK), {})).next == ()
    assert check(TAG.read(answer(back, PAGE, link=LINK.partition(", ")[2]), {})).next == ()
    assert check(TAG.read(answer(back, [], link=further), {})).next == ()


def test_what_a_server_does_not_let_us_read_back_to_is_a_gap() -> None:
    def without_room(ask: Ask, marks: dict[str, str]) -> Page:
        reset = "2026-11-20T16:01:00.000Z"
        told = answer(ask, PAGE, link=LINK, x_ratelimit_remaining="0", x_ratelimit_reset=reset)
        return check(TAG.read(told, marks))

    page = without_room(ask_page(), {})
    assert (page.next, page.wait, page.gap) == ((), 61, True)
    assert not without_room(ask_page(MARKS), MARKS).gap


def test_a_seed_says_whether_the_servers_administrator_agreed() -> None:
    agreed = mastodon_timeline("agreed:https://voorbeeld.social/tags/zaandam", {})
    assert (agreed.server, agreed.tag, agreed.agreed) == ("https://voorbeeld.social", "zaandam", True)
    assert not TAG.agreed
    with pytest.raises(AddressWrong):
        mastodon_timeline("agreed:", {})


def test_without_a_link_header_the_newest_id_is_the_bound_and_ids_are_opaque() -> None:
    page = check(TAG.read(answer(ask_page(MARKS), alone(0, id="01JQZ-ulid")), MARKS))
    assert page.marks == {"min_id": "01JQZ-ulid"}
    assert page.oddities["no_link"] == 1
    page = check(TAG.read(answer(ask_page(MARKS), alone(0, id=MARKS["min_id"])), MARKS))
    assert (page.marks, page.next, page.oddities["same_bound"]) == ({}, (), 1)


@pytest.mark.parametrize(
    "link",
    ['<https://x.example/?min_id=7>; rel="prev"', "<https://x.example/?a=1,2&min_id=7>; rel=prev",
     '<a?max_id=1>; rel="next" , <?min_id=7> ;  REL="first prev"', '<https://x.example/?since_id=7>; rel="prev"']
)  # fmt: skip
def test_only_the_bound_is_taken_from_a_link_never_its_address(link: str) -> None:
    page = check(TAG.read(answer(ask_page(MARKS), PAGE, link=link), MARKS))
    assert page.marks == {"min_id": "7"}
    assert page.next[0].url == "https://voorbeeld.social/api/v1/timelines/tag/zaandam"


@pytest.mark.parametrize(
    "link", ["", "<", "<>;rel=prev", "<?min_id=>; rel=prev", "<?min_id=%0d%0a>; rel=prev", "<" * 9999]
)
def test_a_link_header_without_a_bound_leads_to_none(link: str) -> None:
    page = check(TAG.read(answer(ask_page(MARKS), PAGE, link=link), MARKS))
    assert page.marks == {"min_id": PAGE[0]["id"]}  # type: ignore[index]


@pytest.mark.parametrize("closed", ["authenticated", "disabled", "", None, 5])
def test_what_a_server_closes_is_not_asked_for(closed: object) -> None:
    where = ("configuration", "timelines_access", "hashtag_feeds", "local")
    told = changed(saved("mastodon/instance.json"), where, closed)
    page = check(TAG.read(answer(TAG.first({}), told), {}))
    assert (page.state, page.reason) == (HealthState.BLOCKED, "timeline_closed")


def test_where_only_local_posts_are_open_only_those_are_asked_for() -> None:
    where = ("configuration", "timelines_access", "hashtag_feeds", "remote")
    told = changed(saved("mastodon/instance.json"), where, "authenticated")
    (ask,) = check(TAG.read(answer(TAG.first(MARKS), told), MARKS)).next
    assert ask.params == {"limit": "40", "local": "true", "min_id": MARKS["min_id"]}
    (further,) = check(TAG.read(answer(ask, PAGE, link=LINK), MARKS)).next
    assert further.params["local"] == "true"


def test_an_older_server_that_does_not_describe_itself_is_asked_all_the_same() -> None:
    page = check(TAG.refusal(answer(TAG.first(MARKS), {"error": "x"}, 404), MARKS))
    assert page.next[0].params["min_id"] == MARKS["min_id"]
    told = changed(saved("mastodon/instance.json"), ("configuration", "timelines_access"), None)
    assert check(TAG.read(answer(TAG.first({}), told), {})).next


def test_an_unknown_hashtag_is_an_empty_one_and_a_needed_login_stops() -> None:
    page = check(TAG.refusal(answer(ask_page(), {"error": "Niet gevonden"}, 404), {}))
    assert page.state is HealthState.NOTHING_NEW
    page = check(TAG.refusal(answer(ask_page(), {"error": "x"}, 422), {}))
    assert (page.state, page.reason) == (HealthState.BLOCKED, "login_needed")
    for status in (401, 403, 404, 410, 500, 503):
        assert ACCOUNT.refusal(answer(ask_page(reader=ACCOUNT), b"", status), {}) is None


def test_too_many_requests_wait_until_the_moment_that_the_server_names() -> None:
    reset = "2026-11-20T16:02:30.123456Z"
    page = check(TAG.refusal(answer(ask_page(), {"error": "x"}, 429, x_ratelimit_reset=reset), {}))
    assert (page.state, page.wait) == (HealthState.SLOWED, 151)
    page = check(TAG.refusal(answer(ask_page(), b"", 429, x_ratelimit_reset=reset, retry_after="900"), {}))
    assert page.wait == 900
    seconds = str(int(SEEN.timestamp()) + 60)
    page = check(TAG.refusal(answer(ask_page(), b"", 429, x_ratelimit_reset=seconds), {}))
    assert page.wait == 60
    assert TAG.refusal(answer(ask_page(), b"", 429), {}) is None
    assert check(TAG.refusal(answer(ask_page(), b"", 429, x_ratelimit_reset="2099-01-01T00:00:00Z"), {})).wait == 86_400


def test_nothing_is_asked_when_nothing_is_left_to_ask_and_what_was_read_counts() -> None:
    page = read(PAGE, x_ratelimit_limit="300", x_ratelimit_remaining="0", x_ratelimit_reset="2026-11-20T16:01:00.000Z")
    assert (page.next, page.wait, page.marks) == ((), 61, {"min_id": "115500000000000059"})
    assert len(page.posts) == 4
    page = read(PAGE, x_ratelimit_limit="300", x_ratelimit_remaining="1", x_ratelimit_reset="2026-11-20T16:01:00.000Z")
    assert (len(page.next), page.wait) == (1, 0)


@pytest.mark.parametrize(
    ("file", "state", "reason"),
    [
        ("login.html", HealthState.BLOCKED, "login_wall"),
        ("cookies.html", HealthState.BLOCKED, "cookie_wall"),
        ("challenge.html", HealthState.BLOCKED, "bot_wall"),
    ],
)
def test_a_wall_in_the_place_of_posts_is_told_by_its_name(file: str, state: HealthState, reason: str) -> None:
    page = read((HERE / "mastodon" / file).read_bytes())
    assert (page.state, page.reason) == (state, reason)


def test_a_page_that_is_no_wall_and_a_login_by_its_address() -> None:
    assert read(b"<!doctype html><h1>Welkom</h1>").reason == "html_page"
    moved = answer(ask_page(), b"<html></html>", url="https://voorbeeld.social/auth/sign_in?x=1")
    assert check(TAG.read(moved, {})).reason == "login_wall"


@pytest.mark.parametrize("damage", damaged_bodies(b"[]"))
def test_a_damaged_body_is_misparsed_and_moves_no_mark(damage: str) -> None:
    page = read(damaged_bodies((HERE / "mastodon/hashtag_page.json").read_bytes())[damage])
    assert page.state is HealthState.MISPARSED
    assert page.marks == {}


def test_a_byte_order_mark_is_no_damage() -> None:
    assert len(read(b"\xef\xbb\xbf" + json.dumps(PAGE).encode()).posts) == 4


def test_bytes_that_are_no_utf8_cost_only_their_own_post() -> None:
    raw = json.dumps(PAGE, ensure_ascii=False).encode().replace(b"toch om", b"toch \xff\xfe om")
    page = read(raw)
    assert len(page.posts) == 3
    (aside,) = page.set_aside
    assert aside.refused.reason is DeadReason.INVALID_UTF8
    assert page.oddities["invalid_utf8"] == 1


@pytest.mark.parametrize("name", ["content", "uri"])
@pytest.mark.parametrize("value", [None, 5, [], {}])
def test_a_bad_status_is_set_aside_without_its_author_and_the_rest_goes_on(name: str, value: object) -> None:
    page = read([*alone(0, **{name: value}), PAGE[1]])  # type: ignore[misc, index]
    assert len(page.posts) == 1
    (aside,) = page.set_aside
    assert (aside.refused.reason, aside.refused.field_path) == (DeadReason.SCHEMA, name)
    assert b"qzcanary1" not in aside.raw
    assert page.marks


def test_a_form_that_changed_is_told_apart_from_an_empty_page() -> None:
    for page in (
        read([{"id": "1"}, {"id": "2"}]),
        read([{**one, "content": None} for one in PAGE[:3]]),  # type: ignore[index]
        read(alone(0, content="", card=None)),
        read([None, 5, "x", []]),
        read([{**one, "account": None} for one in PAGE[:6]]),  # type: ignore[index]
    ):
        assert (page.state, page.reason, page.marks, page.set_aside) == (
            HealthState.MISPARSED,
            "no_item_readable",
            {},
            (),
        )
    assert read([]).state is HealthState.NOTHING_NEW
    assert read([PAGE[4]]).state is HealthState.OK  # type: ignore[index]


@pytest.mark.parametrize("name", ["spoiler_text", "media_attachments", "poll", "card", "tags"])
def test_a_part_of_the_wrong_type_is_counted_and_costs_only_itself(name: str) -> None:
    for value in (5, "tekst" if name != "spoiler_text" else []):
        page = read(alone(0, **{name: value}))
        assert len(page.posts) == 1
        assert page.oddities[f"odd_{name}"] == 1


def test_a_very_long_post_is_passed_on_and_html_without_end_is_set_aside() -> None:
    (post,) = read(alone(0, content=f"<p>{'a' * 100_000}</p>", card=None)).posts
    assert len(post.text) == 100_000
    page = read([*alone(0, content="<p>" * 200_000), PAGE[1]])  # type: ignore[misc, index]
    assert page.set_aside[0].refused.reason is DeadReason.TOO_LARGE


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>een<br>twee<br />drie</p><p>vier</p>", "een\ntwee\ndrie\n\nvier"),
        ("plat zonder opmaak", "plat zonder opmaak"),
        ("&lt;b&gt; &amp;lt; &#39;x&#39; &nbsp;y", "<b> &lt; 'x' y"),
        ("<ul><li>een</li><li>twee</li></ul>na", "een\n\ntwee\n\nna"),
        ("<blockquote><p>citaat</p></blockquote><pre><code>a\n b</code></pre>", "citaat\n\na\nb"),
        ("a<!-- weg -->b<script>weg</script><style>weg</style>c", "abc"),
        ('<a href="https://x.example/y">klik hier</a>', "klik hier"),
        ('<a href="https://x.example/heel/lang">x.example/heel…</a>', "https://x.example/heel/lang"),
        ('<a href="https://x.example/heel/lang"></a>', "https://x.example/heel/lang"),
        ('<a href="https://s.example/@p" class="mention">Piet Jansen</a> hoi', "@x hoi"),
        ('<a href="https://s.example/tags/a" class="mention hashtag">#<span>a</span></a>', "#a"),
        ('hoi <img class="custom-emoji" alt=":blob:" src="x"> !', "hoi :blob: !"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "漢(kan)"),
        ("</body></html>toch nog", "toch nog"),
        ("<p>nooit gesloten <b>vet", "nooit gesloten vet"),
        ("\u202eomgekeerd\u200f שלום", "\u202eomgekeerd\u200f שלום"),
    ],
)
def test_the_words_of_html(html: str, text: str) -> None:
    assert plain(html) == text


def test_html_that_is_nested_too_deep_is_refused_rather_than_cut() -> None:
    assert plain("<b>" * 500 + "diep" + "</b>" * 500 + " na") == "diep na"
    with pytest.raises(Refused):
        plain("<b>" * 20_000 + "diep")


@pytest.mark.parametrize(
    ("address", "server", "tag", "account"),
    [
        ("https://voorbeeld.social/tags/zaandam", "https://voorbeeld.social", "zaandam", ""),
        ("https://voorbeeld.social/tag/caf%C3%A9/", "https://voorbeeld.social", "café", ""),
        ("http://127.0.0.1:8080/tags/%23zaandam", "http://127.0.0.1:8080", "zaandam", ""),
        ("https://voorbeeld.social/@naam", "https://voorbeeld.social", "", "naam"),
        ("https://voorbeeld.social/@naam@elders.example", "https://voorbeeld.social", "", "naam@elders.example"),
    ],
)
def test_the_address_of_a_seed(address: str, server: str, tag: str, account: str) -> None:
    assert mastodon_timeline(address, {}) == MastodonTimeline(server, tag, account)


@pytest.mark.parametrize(
    "address",
    ["", "zaandam", "https://", "https://x.example/", "https://x.example/tags/", "ftp://x.example/tags/a",
     "https://x.example/tags/a/b", "https://[::1/tags/a", "https://x.example:99999/tags/a", "https://u:p@x.example/tags/a",
     "https://x.example/public"],
)  # fmt: skip
def test_another_address_is_refused_without_quoting_it(address: str) -> None:
    with pytest.raises(AddressWrong) as wrong:
        mastodon_timeline(address, {})
    assert "x.example" not in str(wrong.value)


def recheck(body: object, status: int = 200, **headers: str) -> Page:
    post = PAGE[0]  # type: ignore[index]
    ask = mastodon_recheck.ask(post["url"], post["uri"])
    assert ask is not None
    assert ask.url == f"https://voorbeeld.social/api/v1/statuses/{post['id']}"
    return check(mastodon_recheck.read(answer(ask, body, status, **headers)))


@pytest.mark.parametrize("status", [404, 410])
def test_a_post_that_its_own_server_no_longer_has_is_gone(status: int) -> None:
    (gone,) = recheck(saved("mastodon/status_deleted.json"), status).gone
    assert gone.native_id == PAGE[0]["uri"]  # type: ignore[index]
    assert gone.revision == int(SEEN.timestamp()) * 1_000_000


def test_a_post_that_is_still_there_is_read_anew() -> None:
    assert len(recheck(PAGE[0]).posts) == 1  # type: ignore[index]


@pytest.mark.parametrize("change", [{"visibility": "private"}, {"account": {**PAGE[0]["account"], "noindex": True}}])  # type: ignore[index]
def test_a_post_that_is_withdrawn_from_the_public_is_gone(change: dict[str, object]) -> None:
    assert len(recheck({**PAGE[0], **change}).gone) == 1  # type: ignore[index, dict-item]


@pytest.mark.parametrize("status", [301, 400, 401, 403, 422, 429, 500, 503])
def test_trouble_leaves_a_post_unknown(status: int) -> None:
    page = recheck({"error": "x"}, status, x_ratelimit_reset="2026-11-20T16:01:00Z")
    assert (page.gone, page.posts) == ((), ())
    assert page.state in (HealthState.FAILING, HealthState.SLOWED)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", {"error": "x"}, PAGE[1]])  # type: ignore[index]
def test_an_answer_that_is_not_about_the_post_leaves_it_unknown(body: object) -> None:
    page = recheck(body)
    assert (page.gone, page.posts, page.state) == ((), (), HealthState.MISPARSED)


def test_nothing_prints_itself() -> None:
    page = read(PAGE)
    printed = f"{page!r}{page.posts!r}{page.next!r}{TAG!r}{answer(ask_page(), PAGE)!r}"
    assert "zaandam" not in printed.casefold()
    assert "qzcanary" not in printed.casefold()
    assert isinstance(answer(ask_page(), PAGE), Answer)
