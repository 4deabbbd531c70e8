"""Software that says the same of everyone (snac), and posts whose links tell no number: what the real server showed."""

import pytest

from collectors.health import HealthState
from collectors.readers.mastodon import recheck as mastodon_recheck
from collectors.readers.mastodon.timeline import MastodonTimeline, mastodon_timeline
from collectors.readers.reader import Ask, Page
from tests.collectors.readers.hostile import answer, changed, check, everywhere, saved

TAG = mastodon_timeline("agreed:https://voorbeeld.social/tags/zaandam", {})
ACCOUNT = mastodon_timeline("agreed:https://voorbeeld.social/@ilse", {})
PLAIN = mastodon_timeline("https://voorbeeld.social/tags/zaandam", {})
SNAC = {"x_creator": "snac/2.75"}
OWNER = {
    **saved("mastodon/account.json"),  # type: ignore[dict-item]
    "url": "https://voorbeeld.social/ilse",
    "discoverable": True,
    "indexable": True,
}
LINK = "https://voorbeeld.social/ilse/p/1795403395.856282"
NOTE = {"type": "Note", "id": LINK, "url": LINK, "to": ["https://www.w3.org/ns/activitystreams#Public"], "cc": []}


def post(number: int, **more: object) -> dict[str, object]:
    uri = f"https://voorbeeld.social/ilse/p/{number}"
    return {
        **saved("mastodon/hashtag_page.json")[0],  # type: ignore[index]
        "id": f"17954{number:08}", "uri": uri, "url": uri, "language": "en", "content": f"bericht {number}",
        "account": OWNER, "card": None, "media_attachments": [], **more,
    }  # fmt: skip


def first_page(reader: MastodonTimeline = TAG) -> Ask:
    if reader.tag:
        (ask,) = check(reader.refusal(answer(reader.first({}), b"<h1>404", 404, **SNAC), {})).next
        return ask
    (actor,) = check(reader.read(answer(reader.first({}), OWNER, **SNAC), {})).next
    (feed,) = check(reader.read(answer(actor, {"manuallyApprovesFollowers": False}), {})).next
    assert feed.url == "https://voorbeeld.social/ilse.rss"
    (ask,) = check(reader.read(answer(feed, b"<rss/>"), {})).next
    return ask


def read(posts: object, newest: str = "", ask: Ask | None = None) -> Page:
    return check(TAG.read(answer(ask or first_page(), posts), {"newest": newest} if newest else {}))


def test_a_yes_that_is_said_for_everyone_is_no_consent_and_nothing_more_is_asked() -> None:
    page = check(PLAIN.refusal(answer(PLAIN.first({}), b"", 404, **SNAC), {}))
    assert (page.state, page.reason, page.next) == (HealthState.BLOCKED, "consent_untold", ())
    described = check(PLAIN.read(answer(PLAIN.first({}), saved("mastodon/instance.json"), **SNAC), {}))
    assert described.reason == "consent_untold"
    alone = mastodon_timeline("https://voorbeeld.social/@ilse", {})
    assert check(alone.read(answer(alone.first({}), OWNER, **SNAC), {})).reason == "consent_untold"
    assert check(alone.read(answer(alone.first({}), OWNER), {})).next


def test_with_an_agreement_posts_come_without_the_language_that_all_have_and_what_is_untold_is_counted() -> None:
    page = read([post(2), post(1)])
    assert [(one.text, one.lang) for one in page.posts] == [("bericht 2", None), ("bericht 1", None)]
    assert page.oddities == {"unlisted_untold": 2}


def test_a_no_counts_with_an_agreement_too() -> None:
    for said in ({"locked": True}, {"indexable": False}, {"noindex": True}, {"note": "#nobot"}):
        assert read([post(2), post(1, account={**OWNER, **said})]).posts[1:] == ()


def test_a_post_that_stands_there_as_a_boost_is_read_under_its_own_author() -> None:
    boosted = {**post(1), "uri": "https://voorbeeld.social#1", "content": "", "reblog": post(1)}
    assert [one.native_id for one in read([post(2), boosted]).posts][1] == post(1)["uri"]
    closed = {**boosted, "reblog": post(1, account={**OWNER, "locked": True})}
    assert read([post(2), closed]).oddities["locked"] == 1


def test_it_is_read_back_to_the_newest_known_post_whatever_its_number_is_now() -> None:
    page = read([post(4), post(3)], newest=str(post(2)["uri"]))
    assert page.marks == {"newest": post(4)["uri"]}
    (back,) = page.next
    assert (back.params["max_id"], back.back, "min_id" in back.params) == (post(3)["id"], True, False)
    known = read([post(2, id="1799900000002"), post(1)], newest=str(post(2)["uri"]), ask=back)
    assert (known.marks, known.next, len(known.posts)) == ({}, (), 2)


def test_a_server_that_gives_everything_at_once_is_not_asked_without_end() -> None:
    whole = [post(2), post(1)]
    (back,) = read(whole).next
    assert read(whole, ask=back).next == ()
    assert read([], ask=back).next == ()


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"manuallyApprovesFollowers": True}, "locked"),
        ({}, "no_account"),
        ({"manuallyApprovesFollowers": 0}, "no_account"),
    ],
)
def test_an_account_that_approves_its_followers_is_locked_whatever_the_api_says(told: object, reason: str) -> None:
    (actor,) = check(ACCOUNT.read(answer(ACCOUNT.first({}), OWNER, **SNAC), {})).next
    assert check(ACCOUNT.read(answer(actor, told), {})).reason == reason


def test_an_account_without_a_public_feed_is_private_and_trouble_is_not() -> None:
    (actor,) = check(ACCOUNT.read(answer(ACCOUNT.first({}), OWNER, **SNAC), {})).next
    (feed,) = check(ACCOUNT.read(answer(actor, {"manuallyApprovesFollowers": False}), {})).next
    page = check(ACCOUNT.refusal(answer(feed, b"", 403), {}))
    assert (page.state, page.reason) == (HealthState.BLOCKED, "private_account")
    assert ACCOUNT.refusal(answer(feed, b"", 500), {}) is None


@pytest.mark.parametrize(
    "url", [None, 5, "", "https://elders.example/ilse", "https://voorbeeld.social", "javascript:x"]
)
def test_an_account_whose_page_is_elsewhere_is_not_asked_for(url: object) -> None:
    page = check(ACCOUNT.read(answer(ACCOUNT.first({}), {**OWNER, "url": url}, **SNAC), {}))
    assert (page.state, page.next) == (HealthState.MISPARSED, ())


def test_nasty_values_everywhere() -> None:
    (actor,) = check(ACCOUNT.read(answer(ACCOUNT.first({}), OWNER, **SNAC), {})).next
    everywhere(OWNER, lambda body: ACCOUNT.read(answer(ACCOUNT.first({}), body, **SNAC), {}))
    everywhere({"manuallyApprovesFollowers": False}, lambda body: ACCOUNT.read(answer(actor, body), {}))
    ask, account = first_page(), first_page(ACCOUNT)
    everywhere([post(2, reblog=post(2)), post(1)], lambda body: TAG.read(answer(ask, body), {"newest": "x"}))
    everywhere([post(1)], lambda body: ACCOUNT.read(answer(account, body), {}))
    everywhere(NOTE, looked_at)


def looked_at(body: object, status: int = 200) -> Page:
    ask = mastodon_recheck.ask(LINK, "de-eigen-naam")
    assert ask is not None
    assert (ask.url, ask.headers["Accept"].partition(",")[0]) == (LINK, "application/activity+json")
    return check(mastodon_recheck.read(answer(ask, body, status)))


def test_a_post_whose_link_tells_no_number_is_looked_at_as_servers_do_among_each_other() -> None:
    stands = looked_at(NOTE)
    assert (stands.state, stands.gone, stands.posts) == (HealthState.OK, (), ())
    assert looked_at({**NOTE, "to": "as:Public"}).gone == ()
    for gone in (looked_at(b"", 404), looked_at(b"", 410), looked_at({"type": "Tombstone", "id": LINK})):
        assert [one.native_id for one in gone.gone] == ["de-eigen-naam"]


def test_a_post_that_is_no_longer_addressed_to_everyone_is_gone() -> None:
    assert looked_at({**NOTE, "to": [], "cc": NOTE["to"]}).gone
    assert looked_at({**NOTE, "to": ["https://voorbeeld.social/ilse/followers"]}).gone


@pytest.mark.parametrize(
    "body", [b"<html>", b"", {"error": "x"}, {**NOTE, "id": "x", "url": "y"}, changed(NOTE, ("to",), None)]
)
def test_an_answer_about_something_else_leaves_the_post_unknown(body: object) -> None:
    page = looked_at(body)
    assert (page.state, page.gone) == (HealthState.MISPARSED, ())


@pytest.mark.parametrize(
    "link", ["https://x.example", "https://x.example/", "ftp://x.example/a", "geen adres", "https://[::1/a"]
)
def test_a_link_that_leads_to_no_post_is_not_asked_for(link: str) -> None:
    assert mastodon_recheck.ask(link, link) is None
