"""Recordings of real servers, read again: the same requests are made, and the same posts and removals come out."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from collectors.health import HealthState
from collectors.readers.bluesky import recheck as bluesky_recheck
from collectors.readers.mastodon import recheck as mastodon_recheck
from tests.collectors.wire import stories
from tests.collectors.wire.recordings import HERE, Recording, Visitor, load, names


def replay(name: str) -> tuple[Recording, Visitor, list[list[str]]]:
    """Every visit of a recording, and what each brought."""
    told = load(name)
    visitor = Visitor(told.kind, told.address, told.began)
    brought = []
    for number in range(len(told.rounds)):
        told.begin(number)
        brought.append(visitor.visit(told.fetch))
        assert told.all_asked()
    return told, visitor, brought


def test_a_bluesky_account_gives_its_own_words_once_and_an_edit_under_the_same_id() -> None:
    _, visitor, brought = replay("bluesky/author_feed")
    assert brought == [stories.BLUESKY_FIRST, [], stories.BLUESKY_AFTER_EDIT]
    assert len(visitor.around.state()) == len(stories.BLUESKY_FIRST)
    assert "Woorden van een ander" not in visitor.around.everything_written()
    assert "voorbeeld.test" not in visitor.around.everything_written()


def test_a_deleted_bluesky_post_is_gone_when_it_is_looked_at_again() -> None:
    told = load("bluesky/recheck")
    told.begin(0)
    known = bluesky_ids(told)
    (ask,) = bluesky_recheck.asks(known, told.address)
    page = bluesky_recheck.read(told.fetch(ask))
    assert [post.text for post in page.posts] == [stories.BLUESKY_FIRST[-1]]
    assert [gone.native_id for gone in page.gone] == [known[1]]


def bluesky_ids(told: Recording) -> list[str]:
    """The posts that were asked for."""
    (asked,) = told.asked(0)
    return [uri.removeprefix("at://") for uri in parse_qs(urlsplit(asked).query)["uris"]]


def test_who_asks_not_to_be_shown_to_people_without_an_account_is_not_read() -> None:
    _, visitor, brought = replay("bluesky/not_for_everyone")
    assert brought == [[]]
    assert visitor.health == ("nothing_new", "no_unauthenticated:1")
    assert "inlogt" not in visitor.around.everything_written()


def test_an_account_that_left_is_stopped_until_a_person_looks() -> None:
    _, visitor, brought = replay("bluesky/account_gone")
    assert brought == [[]]
    assert visitor.health == ("blocked", "account_gone")


def test_a_generated_feed_is_read_once_and_again_where_it_changed() -> None:
    told, visitor, brought = replay("nginx/feed")
    assert [status for number in range(3) for status in told.statuses(number)] == [200, 304, 200]
    assert brought == [stories.FEED_FIRST, [], stories.FEED_AFTER]
    assert len(visitor.around.state()) == len(stories.FEED_FIRST)


def test_a_hashtag_of_a_mastodon_compatible_server_is_read_once_with_edits_and_boosted_posts() -> None:
    _, visitor, brought = replay("mastodon/hashtag")
    assert brought == [stories.MASTODON_FIRST, [], stories.MASTODON_AFTER]
    assert len(visitor.around.state()) == len(stories.MASTODON_FIRST) + 1
    assert visitor.health == ("ok", "unlisted_untold:7 no_description:1")
    assert "snac.test" not in visitor.around.everything_written()
    assert "ilse" not in visitor.around.everything_written().casefold()


def test_posts_of_a_mastodon_compatible_server_are_gone_when_it_lost_or_unlisted_them() -> None:
    told = load("mastodon/recheck")
    told.begin(0)
    fates = []
    for asked in told.asked(0):
        ask = mastodon_recheck.ask(asked, asked)
        assert ask is not None
        page = mastodon_recheck.read(told.fetch(ask))
        fates.append((page.state, [gone.native_id == asked for gone in page.gone]))
    assert told.statuses(0) == [200, 404, 200]
    assert fates == [(HealthState.OK, []), (HealthState.OK, [True]), (HealthState.OK, [True])]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nobody_agreed_to_a_hashtag", "consent_untold no_description:1"),
        ("nobody_agreed_to_an_account", "consent_untold"),
        ("private_account", "private_account"),
        ("locked", "locked"),
        ("profile_says_no", "profile_says_no"),
    ],
)
def test_who_did_not_agree_or_closed_an_account_on_a_mastodon_compatible_server_is_left_alone(
    name: str, reason: str
) -> None:
    told, visitor, brought = replay(f"mastodon/{name}")
    assert brought == [[]]
    assert visitor.health == ("blocked", reason)
    assert not [asked for asked in told.asked(0) if "statuses" in asked or "timelines" in asked]


@pytest.mark.parametrize("name", names())
def test_a_recording_holds_no_key_and_no_address_of_the_machine_that_made_it(name: str) -> None:
    text = (HERE / f"{name}.json").read_text()
    assert not re.search(r"bearer|jwt|eyJ|authorization|cookie|password|token", text, re.IGNORECASE)
    assert not re.search(r"127\.0\.0\.1|localhost", text)
