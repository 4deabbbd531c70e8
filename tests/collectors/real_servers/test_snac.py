"""Reading snac, a Mastodon-compatible server, with invented accounts. `RECORD=1` writes the recordings anew."""

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from nacl.public import SealedBox
from nacl.secret import SecretBox

from collectors.assignment import Assignment
from collectors.health import HealthState
from collectors.politeness import Politeness
from collectors.reactor import run_on_reactor
from collectors.readers.mastodon import recheck as mastodon_recheck
from collectors.recheck import Rechecking, one_round
from collectors.recheck_due import Due
from collectors.spiders.visit_place import VisitPlace
from signals.post import Post, PostRemoved, Source
from tests.collectors.real_servers.road import collect, room
from tests.collectors.real_servers.snac_server import Account, Snac, snac
from tests.collectors.real_servers.test_bluesky import picture
from tests.collectors.room import DAY_KEY, ID_KEY, Room, now
from tests.collectors.wire import stories
from tests.collectors.wire.recordings import AGENT, Recorder, Visitor
from tests.patience import until

pytestmark = [pytest.mark.soak, pytest.mark.timeout(600)]

SERVER = "snac 2.75 (Debian snac2 2.75-2)"
POST = Source.MASTODON_POST


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Snac]:
    made = snac(tmp_path)
    with made.running():
        yield made


def recorder(server: Snac, address: str) -> Recorder:
    host = server.address.removeprefix("http://")
    return Recorder(SERVER, "mastodon", address, {server.address: "http://snac.test", host: "snac.test"})


def save(told: Recorder, name: str) -> None:
    if os.environ.get("RECORD"):
        told.save(f"mastodon/{name}")


def hashtag(server: Snac) -> str:
    return f"agreed:{server.address}/tags/zaandam"


def write_first(ilse: Account, bram: Account) -> dict[str, Mapping[str, object]]:
    """One post of each kind, oldest first."""
    made: dict[str, Mapping[str, object]] = {}
    made["plain"] = ilse.write("Vanmiddag bij het station #zaandam")
    ilse.write("zonder het woord")
    made["warning"] = ilse.write("toch om negen uur #zaandam", spoiler_text="let op")
    flyer = ilse.upload(picture(), "Flyer: 20:00 uur op de Dam")
    made["alt"] = ilse.write("kom ook #zaandam", media_ids=flyer)
    made["link"] = ilse.write("lees https://krant.example/nieuws/2026/lang #zaandam")
    ilse.write("alleen voor volgers #zaandam", visibility="private")
    made["boosted"] = bram.write("ik kom ook #zaandam")
    made["deleted"] = ilse.write("dit is een vergissing #zaandam")
    made["edited"] = ilse.write("vanavond blijft het rustig #zaandam")
    ilse.boost(made["boosted"])
    until(lambda: bool(made["boosted"]["uri"] not in [one["uri"] for one in shown(ilse.server)]))
    return made


def shown(server: Snac) -> list[dict[str, object]]:
    """What the server shows anyone of the hashtag."""
    told: list[dict[str, object]] = httpx.get(
        f"{server.address}/api/v1/timelines/tag/zaandam", trust_env=False, timeout=30
    ).json()
    return told


def may_be_asked_again(around: Room) -> None:
    """Time passes until no seed has to wait."""
    for key, position in around.positions.items():
        around.positions[key] = replace(VisitPlace.loads(position), not_before=0).dumps()


def test_a_hashtag_is_read_once_with_edits_and_boosted_posts_and_what_was_deleted_comes_no_more(server: Snac) -> None:
    ilse, bram = server.account("ilse"), server.account("bram")
    made = write_first(ilse, bram)
    told = recorder(server, hashtag(server))
    told.begin("two accounts wrote posts with a hashtag, and one of the posts was boosted")
    visitor = Visitor("mastodon", told.address, datetime.now(UTC))
    assert visitor.visit(told.fetch) == stories.MASTODON_FIRST
    assert visitor.health == ("ok", "unlisted_untold:7 no_description:1")
    assert {post.lang_hint for post in visitor.around.records if isinstance(post, Post)} == {None}

    told.begin("nothing happened")
    assert visitor.visit(told.fetch) == []

    ilse.delete(made["deleted"])
    ilse.edit(made["edited"], "vanavond toch niet #zaandam")
    ilse.write("morgen weer #zaandam")
    told.begin("one post was deleted, another one edited, and a third written")
    assert visitor.visit(told.fetch) == stories.MASTODON_AFTER
    assert len(visitor.around.state()) == len(stories.MASTODON_FIRST) + 1
    assert server.address not in visitor.around.everything_written()
    save(told, "hashtag")

    # The same hashtag through orders, real Scrapy and the room, by someone who comes only now.
    around = room(POST)
    collect(around, POST, hashtag(server))
    assert sorted(around.texts()) == stories.MASTODON_AT_LAST


@dataclass
class Books:
    """The posts of a room as the store would know them, all due."""

    around: Room
    noted: dict[UUID, bool] = field(default_factory=dict)

    def due(self, sources: Collection[Source], last_checked: datetime, most: int) -> list[Due]:
        posts = [one for one in self.around.records if isinstance(one, Post) and one.source in sources]
        return [Due(post.id, post.source, post.order_id, post.revision) for post in posts][:most]

    def note(self, stands: Mapping[UUID, bool], at: datetime) -> None:
        self.noted.update(stands)

    def link(self, post_id: UUID) -> str:
        post = next(one for one in self.around.records if isinstance(one, Post) and one.id == post_id)
        assert post.link is not None
        return SecretBox(SealedBox(DAY_KEY).decrypt(post.link.wrapped_key)).decrypt(post.link.box).decode()


def ask_again(around: Room) -> tuple[list[str], dict[str, int]]:
    """Looks at every post again over the whole road; the words of those that are gone, and the counts."""
    books = Books(around)
    words = {one.id: one.text for one in around.records if isinstance(one, Post)}
    had = len(around.records)
    task = Rechecking(
        assignments=lambda: [Assignment(around.order, ())],
        order=around.look_up,
        sink=around,
        books=books,
        open_link=books.link,
        id_key=ID_KEY,
        clock=now,
        polite=Politeness(AGENT, delay=0.01, min_interval=0, timeout=5.0),
    )
    counts: dict[str, int] = {}

    async def go() -> None:
        counts.update(await one_round(task))

    run_on_reactor(go())
    return [words[one.id] for one in around.records[had:] if isinstance(one, PostRemoved)], counts


def test_a_deleted_and_an_unlisted_post_are_gone_when_they_are_looked_at_again(server: Snac) -> None:
    ilse = server.account("ilse")
    ilse.write("dit blijft staan #zaandam")
    deleted = ilse.write("dit is een vergissing #zaandam")
    unlisted = ilse.write("niet voor de lijst #zaandam", visibility="unlisted")
    assert {one["visibility"] for one in shown(server)} == {"public"}, "the server tells unlisted posts apart now"
    around = room(POST)
    collect(around, POST, hashtag(server))
    assert len(around.texts()) == 3
    ilse.delete(deleted)
    gone, counts = ask_again(around)
    assert sorted(gone) == ["dit is een vergissing #zaandam", "niet voor de lijst #zaandam"]
    assert counts == {"stand": 1, "gone": 2}
    told = recorder(server, hashtag(server))
    told.begin("one known post stands, one was deleted, one is unlisted")
    for post in (shown(server)[-1], deleted, unlisted):
        ask = mastodon_recheck.ask(str(post["uri"]), str(post["uri"]))
        assert ask is not None
        told.fetch(ask)
    save(told, "recheck")


def test_more_posts_than_a_page_holds_come_all_and_a_restart_brings_only_what_is_new(server: Snac) -> None:
    ilse = server.account("ilse")
    for number in range(95):
        ilse.write_here(f"bericht {number} #zaandam")
    around = room(POST)
    collect(around, POST, hashtag(server))
    assert around.texts() == [f"bericht {number} #zaandam" for number in reversed(range(95))]
    assert (around.health[-1].state, "gap" in around.health[-1].reason) == (HealthState.OK, False)
    for number in range(95, 145):
        ilse.write_here(f"bericht {number} #zaandam")
    collect(around, POST, hashtag(server))
    assert sorted(around.texts()) == sorted(f"bericht {number} #zaandam" for number in range(145))


def test_reading_goes_on_when_the_newest_known_post_was_edited_or_is_gone_from_the_server(server: Snac) -> None:
    ilse = server.account("ilse")
    ilse.write("een #zaandam")
    second = ilse.write("twee #zaandam")
    around = room(POST)
    collect(around, POST, hashtag(server))
    ilse.edit(second, "twee, en anders #zaandam")
    assert second["id"] not in [one["id"] for one in shown(server)], "an edit leaves the number as it was now"
    collect(around, POST, hashtag(server))
    ilse.delete(second)
    server.do("purge", str(server.folder / "data"))
    ilse.write("drie #zaandam")
    collect(around, POST, hashtag(server))
    assert around.texts() == ["twee #zaandam", "een #zaandam", "twee, en anders #zaandam", "drie #zaandam"]


def test_an_approved_account_is_read_with_its_edits_and_without_other_people(server: Snac) -> None:
    ilse, bram = server.account("ilse"), server.account("bram")
    ilse.boost(bram.write("woorden van een ander"))
    first = ilse.write("eerste")
    ilse.write("tweede")
    around = room(POST)
    seed = f"agreed:{server.address}/@ilse"
    collect(around, POST, seed)
    assert around.texts() == ["tweede", "eerste"]
    ilse.edit(first, "eerste, maar anders")
    collect(around, POST, seed)
    collect(around, POST, seed)
    assert around.texts() == ["tweede", "eerste", "eerste, maar anders"]
    assert len(around.state()) == 2


def test_without_an_agreement_no_post_is_asked_for_because_the_server_says_yes_for_everyone(server: Snac) -> None:
    ilse = server.account("ilse")
    ilse.write("van niemand gehoord #zaandam")
    (one,) = shown(server)
    assert isinstance(one["account"], dict)
    assert (one["account"]["indexable"], one["account"]["discoverable"]) == (True, True)
    for path, asked in (("tags/zaandam", "api/v2/instance"), ("@ilse", "api/v1/accounts/lookup?acct=ilse")):
        told = recorder(server, f"{server.address}/{path}")
        told.begin("an account wrote a post; nobody agreed to anything")
        visitor = Visitor("mastodon", told.address, datetime.now(UTC))
        assert visitor.visit(told.fetch) == []
        assert (visitor.health[0], visitor.health[1].split()[0]) == ("blocked", "consent_untold")
        assert asked_of(told) == [f"{server.address}/{asked}"]
        save(told, "nobody_agreed_to_a_hashtag" if "tags" in path else "nobody_agreed_to_an_account")


def asked_of(told: Recorder) -> list[object]:
    exchanges = told.rounds[-1]["exchanges"]
    assert isinstance(exchanges, list)
    return [one["asked"] for one in exchanges]


@pytest.mark.parametrize(
    ("settings", "reason", "asked"),
    [
        ({"private": True}, "private_account", "ilse.rss"),
        ({"approve_followers": True}, "locked", "ilse"),
        ({"bio": "Laat me met rust #nobot"}, "profile_says_no", "api/v1/accounts/lookup?acct=ilse"),
    ],
)
def test_a_closed_account_is_left_alone_though_the_api_calls_it_open(
    server: Snac, settings: dict[str, object], reason: str, asked: str
) -> None:
    ilse = server.account("ilse")
    ilse.write("besloten woorden #zaandam")
    ilse.set(**settings)
    told = recorder(server, f"agreed:{server.address}/@ilse")
    told.begin(f"an account wrote a post and set {', '.join(settings)}")
    visitor = Visitor("mastodon", told.address, datetime.now(UTC))
    assert visitor.visit(told.fetch) == []
    assert visitor.health == ("blocked", reason)
    assert asked_of(told)[-1] == f"{server.address}/{asked}"
    save(told, reason)
    around = room(POST)
    collect(around, POST, hashtag(server), f"agreed:{server.address}/@ilse")
    # On a hashtag the server itself leaves a private account out; that one approves its followers is not told there.
    assert around.texts() == (["besloten woorden #zaandam"] if reason == "locked" else [])


def test_a_server_that_is_stopped_costs_nothing_and_is_read_on_when_it_is_back(tmp_path: Path) -> None:
    server, around = snac(tmp_path), room(POST)
    with server.running():
        ilse = server.account("ilse")
        ilse.write("voor de stilte #zaandam")
        collect(around, POST, hashtag(server))
    collect(around, POST, hashtag(server))
    assert (around.health[-1].state, around.health[-1].reason) == (HealthState.FAILING, "connection_refused")
    waits = VisitPlace.loads(next(iter(around.positions.values()))).not_before - now().timestamp()
    assert 50 < waits <= 60
    gone, counts = ask_again(around)
    assert (gone, counts) == ([], {"unknown": 1})
    with server.running():
        ilse.write("na de stilte #zaandam")
        may_be_asked_again(around)
        collect(around, POST, hashtag(server))
    assert around.texts() == ["voor de stilte #zaandam", "na de stilte #zaandam"]
    assert around.health[-1].state is HealthState.OK
