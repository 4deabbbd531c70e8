"""Reading Bluesky's own AppView, fed by a real PDS with invented accounts. `RECORD=1` writes the recordings anew."""

import os
import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from collectors.readers.bluesky import recheck as bluesky_recheck
from signals.post import Source
from tests.collectors.real_servers.atproto_network import Account, Network, account, network
from tests.collectors.real_servers.road import collect, room
from tests.collectors.wire import stories
from tests.collectors.wire.recordings import Recorder, Visitor
from tests.patience import until

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]

SERVER = "Bluesky AppView 0.0.280 and PDS 0.5.35 (npm @atproto/dev-env 0.6.7)"


@pytest.fixture(scope="module")
def net() -> Iterator[Network]:
    with network() as where:
        yield where


def recorder(net: Network, address: str) -> Recorder:
    places = {net.appview: "http://appview.test", net.pds: "http://pds.test"}
    return Recorder(SERVER, "bluesky-author", address, places)


def seed(net: Network, who: Account) -> str:
    return f"{net.appview}/xrpc/app.bsky.feed.getAuthorFeed?actor={who.did}"


def feed(net: Network, who: Account) -> str:
    return httpx.get(seed(net, who), timeout=30, trust_env=False).text


def facet(text: str, part: str, **feature: str) -> dict[str, object]:
    start = text.encode().index(part.encode())
    kind = {"tag": "tag", "uri": "link", "did": "mention"}[next(iter(feature))]
    return {
        "index": {"byteStart": start, "byteEnd": start + len(part.encode())},
        "features": [{"$type": f"app.bsky.richtext.facet#{kind}", **feature}],
    }


def picture() -> bytes:
    """A picture of one dot."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    dot = chunk(b"IDAT", zlib.compress(b"\x00\xff\x00\x00"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + dot + chunk(b"IEND", b"")


def write_first(ilse: Account, bram: Account) -> dict[str, tuple[str, str]]:
    """Ilse's posts, one of each kind; the answer is where each stands."""
    theirs = bram.write({"text": "Woorden van een ander"})
    other = {"uri": theirs[0], "cid": theirs[1]}
    made: dict[str, tuple[str, str]] = {}
    text = "Vanmiddag bij het station #zaandam"
    made["tag"] = ilse.write({"text": text, "langs": ["nl"], "facets": [facet(text, "#zaandam", tag="zaandam")]})
    images = [{"alt": "Flyer: 20:00 uur op de Dam", "image": ilse.upload(picture(), "image/png")}]
    made["alt"] = ilse.write({"text": "kom ook", "embed": {"$type": "app.bsky.embed.images", "images": images}})
    text = f"@{bram.handle} lees krant.example/nieuws…"
    facets = [facet(text, f"@{bram.handle}", did=bram.did)]
    facets.append(facet(text, "krant.example/nieuws…", uri="https://krant.example/nieuws/2026/lang"))
    made["link"] = ilse.write({"text": text, "facets": facets})
    made["reply"] = ilse.write({"text": "daar sta ik niet achter", "reply": {"root": other, "parent": other}})
    labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "graphic-media"}]}
    made["warning"] = ilse.write({"text": "let op: nare beelden", "labels": labels})
    quote = {"$type": "app.bsky.embed.record", "record": other}
    made["quote"] = ilse.write({"text": "hier ben ik het niet mee eens", "embed": quote})
    ilse.write({"subject": other}, collection="app.bsky.feed.repost")
    made["deleted"] = ilse.write({"text": "dit is een vergissing"})
    made["edited"] = ilse.write({"text": "vanavond blijft het rustig"})
    return made


def test_an_account_is_read_and_what_it_takes_back_is_gone(net: Network) -> None:
    ilse, bram = account(net, "ilse-voorbeeld"), account(net, "bram-voorbeeld")
    made = write_first(ilse, bram)
    until(lambda: all(uri in feed(net, ilse) for uri, _ in made.values()) and "reasonRepost" in feed(net, ilse))

    told = recorder(net, seed(net, ilse))
    told.begin("an account wrote one post of each kind and reposted one of another account")
    visitor = Visitor("bluesky-author", told.address, datetime.now(UTC))
    assert visitor.visit(told.fetch) == stories.BLUESKY_FIRST
    assert visitor.health == ("ok", "repost:1")
    assert "Woorden van een ander" not in visitor.around.everything_written()

    told.begin("nothing happened")
    assert visitor.visit(told.fetch) == []

    ilse.delete(made["deleted"][0])
    ilse.write({"text": "vanavond toch niet"}, rkey=made["edited"][0].split("/")[-1])
    until(lambda: made["deleted"][0] not in feed(net, ilse))
    told.begin("one post was deleted, and the record of another one was replaced")
    assert visitor.visit(told.fetch) == stories.BLUESKY_AFTER_EDIT
    assert len(visitor.around.state()) == len(stories.BLUESKY_FIRST)
    if os.environ.get("RECORD"):
        told.save("bluesky/author_feed")

    # The same account through orders, real Scrapy and the room.
    around = room(Source.BLUESKY_POST)
    collect(around, Source.BLUESKY_POST, told.address)
    assert sorted(around.texts()) == stories.BLUESKY_AT_LAST

    again = recorder(net, net.appview)
    again.begin("two known posts are looked at again; one of them was deleted")
    known = [made[name][0].removeprefix("at://") for name in ("tag", "deleted")]
    (ask,) = bluesky_recheck.asks(known, net.appview)
    page = bluesky_recheck.read(again.fetch(ask))
    assert [post.native_id for post in page.posts] == [known[0]]
    assert [gone.native_id for gone in page.gone] == [known[1]]
    if os.environ.get("RECORD"):
        again.save("bluesky/recheck")


def test_who_asks_not_to_be_shown_to_people_without_an_account_is_not_read(net: Network) -> None:
    cato = account(net, "cato-voorbeeld")
    labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "!no-unauthenticated"}]}
    cato.write({"labels": labels}, collection="app.bsky.actor.profile", rkey="self")
    cato.write({"text": "alleen voor wie inlogt"})
    until(lambda: "alleen voor wie inlogt" in feed(net, cato) and "no-unauthenticated" in feed(net, cato))
    told = recorder(net, seed(net, cato))
    told.begin("an account that asks to be hidden from people without an account wrote a post")
    visitor = Visitor("bluesky-author", told.address, datetime.now(UTC))
    assert visitor.visit(told.fetch) == []
    assert visitor.health == ("nothing_new", "no_unauthenticated:1")
    if os.environ.get("RECORD"):
        told.save("bluesky/not_for_everyone")


def test_an_account_that_left_is_stopped_until_a_person_looks(net: Network) -> None:
    dirk = account(net, "dirk-voorbeeld")
    dirk.write({"text": "tot ziens"})
    until(lambda: "tot ziens" in feed(net, dirk))
    dirk.deactivate()
    until(lambda: "tot ziens" not in feed(net, dirk))
    told = recorder(net, seed(net, dirk))
    told.begin("an account was deactivated")
    visitor = Visitor("bluesky-author", told.address, datetime.now(UTC))
    assert visitor.visit(told.fetch) == []
    assert visitor.health == ("blocked", "account_gone")
    if os.environ.get("RECORD"):
        told.save("bluesky/account_gone")
