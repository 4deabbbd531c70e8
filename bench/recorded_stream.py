"""A recorded Jetstream of invented posts, the same at every run: its frames, and a server that plays them back.

It has what a stream of posts alone has: creations, edits, deletions, events about accounts, many languages and sizes.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from collectors.quiet_logs import silent

HOST = "127.0.0.1"
STARTS_US = 1_795_000_000_000_000
COLLECTION = "app.bsky.feed.post"
_MOMENT = b'"time_us":'

_WORDS = {
    "en": "the train is late again and nobody knows why we stand here with coffee while rain falls on an empty square",
    "nl": "de trein is weer te laat en niemand weet waarom wij hier staan met koffie terwijl het regent op het plein",
    "pt": "o trem está atrasado outra vez e ninguém sabe por que estamos aqui com café enquanto chove na praça vazia",
    "ja": "電車が また 遅れて 誰も 理由を 知らない まま 駅で コーヒーを 飲んで いる 雨が 降って いる",
    "de": "der Zug ist schon wieder zu spät und niemand weiß warum wir hier mit Kaffee stehen während es regnet",
    "es": "el tren llega tarde otra vez y nadie sabe por qué estamos aquí con café mientras llueve en la plaza",
    "ar": "القطار متأخر مرة أخرى ولا أحد يعرف لماذا نقف هنا مع القهوة بينما ينزل المطر على الساحة",
    "ko": "기차가 또 늦었고 아무도 이유를 모르는데 우리는 커피를 들고 여기 서 있다 비가 내린다",
}
_SHARES = {"en": 48, "ja": 17, "pt": 12, "de": 7, "es": 7, "nl": 4, "ko": 3, "ar": 2}
_EMOJI = ("😂", "🔥", "❤️", "👀", "🚆", "🎉", "🙏🏽", "")
_PLACES = ("Krommenie", "Wormerveer", "Zaandam", "Assendelft")


@dataclass(frozen=True)
class Recording:
    """What to invent: how long (seconds), how many events a second, and what seed of chance."""

    seconds: int = 1800
    a_second: int = 200
    seed: int = 20_261_122

    @property
    def events(self) -> int:
        """Frames in the whole recording."""
        return self.seconds * self.a_second

    @property
    def ends_us(self) -> int:
        """The moment of its last event."""
        return STARTS_US + (self.events - 1) * (1_000_000 // self.a_second)

    def frames(self) -> Iterator[bytes]:
        """All frames in their order."""
        chance = random.Random(self.seed)
        posted: list[tuple[str, str]] = []
        for number in range(self.events):
            time_us = STARTS_US + number * (1_000_000 // self.a_second)
            said = _event(chance, posted, number, time_us)
            yield json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _event(chance: random.Random, posted: list[tuple[str, str]], number: int, time_us: int) -> dict[str, object]:
    draw = chance.random()
    did = "did:plc:" + "".join(chance.choices("abcdefghijklmnopqrstuvwxyz234567", k=24))
    head: dict[str, object] = {"did": did, "time_us": time_us}
    moment = {"did": did, "seq": 20_000_000_000 + number, "time": "2026-11-20T13:05:00.000Z"}
    if draw < 0.03:
        return head | {"kind": "identity", "identity": moment | {"handle": f"iemand{number}.example.org"}}
    if draw < 0.05:
        gone = {} if chance.random() < 0.6 else {"status": chance.choice(("deleted", "takendown", "deactivated"))}
        return head | {"kind": "account", "account": moment | {"active": not gone} | gone}
    rkey, operation = f"3m{number:011x}", "create"
    if posted and draw < 0.17:
        (head["did"], rkey), operation = chance.choice(posted), "delete" if draw < 0.165 else "update"
    elif len(posted) < 5000 or chance.random() < 0.1:
        posted.append((did, rkey))
    commit: dict[str, object] = {
        "rev": f"3m{number:010x}2",
        "operation": operation,
        "collection": COLLECTION,
        "rkey": rkey,
    }
    if operation != "delete":
        commit |= {"record": _record(chance, did), "cid": "bafyrei" + f"{number:052x}"}
    return head | {"kind": "commit", "commit": commit}


def _record(chance: random.Random, did: str) -> dict[str, object]:
    lang = chance.choices(list(_SHARES), list(_SHARES.values()))[0]
    words = chance.choices(_WORDS[lang].split(), k=min(45, 1 + int(chance.expovariate(1 / 16))))
    if chance.random() < 0.004:
        words.append(chance.choice(_PLACES))
    words.append(chance.choice(_EMOJI))
    record: dict[str, object] = {
        "$type": COLLECTION,
        "createdAt": "2026-11-20T13:05:00.123Z",
        "text": " ".join(words)[:300],
    }
    if chance.random() < 0.9:
        record["langs"] = [lang]
    if chance.random() < 0.45:
        ref = {"cid": "bafyrei" + "q" * 52, "uri": f"at://{did}/{COLLECTION}/3mvoorbeeld2"}
        record["reply"] = {"parent": ref, "root": ref}
    if chance.random() < 0.2:
        feature = {"$type": "app.bsky.richtext.facet#tag", "tag": chance.choice(("nieuws", "art", "zaanstreek"))}
        record["facets"] = [{"features": [feature], "index": {"byteEnd": 9, "byteStart": 3}}]
    draw = chance.random()
    if draw < 0.18:
        alt = " ".join(words[:20]) if chance.random() < 0.4 else ""
        blob = {"$type": "blob", "mimeType": "image/jpeg", "ref": {"$link": "bafkrei" + "q" * 52}, "size": 345_678}
        image = {"alt": alt, "aspectRatio": {"height": 1200, "width": 900}, "image": blob}
        record["embed"] = {"$type": "app.bsky.embed.images", "images": [image] * chance.randint(1, 4)}
    elif draw < 0.3:
        about = {"description": " ".join(words) * 2, "title": " ".join(words[:6]), "uri": "https://nieuws.example/a/1"}
        record["embed"] = {"$type": "app.bsky.embed.external", "external": about}
    return record


async def play(recorded: Path, address: asyncio.Future[str]) -> None:
    """Give every listener the frames from its cursor on, as fast as it takes them, until cancelled."""

    async def listen(connection: ServerConnection) -> None:
        asked = parse_qs(urlsplit(connection.request.path if connection.request else "").query)
        cursor = int(asked.get("cursor", ["0"])[0])
        try:
            with recorded.open("rb") as frames:
                for frame in frames:
                    if int(frame[frame.index(_MOMENT) + len(_MOMENT) :].split(b",", 1)[0]) >= cursor:
                        await connection.send(frame[:-1], text=True)
            await connection.wait_closed()
        except ConnectionClosed:
            return

    async with serve(listen, HOST, 0, compression=None, logger=silent("recorded")) as server:
        address.set_result(f"ws://{HOST}:{next(iter(server.sockets)).getsockname()[1]}/subscribe")
        await asyncio.Event().wait()


async def _serve(recording: Recording) -> None:
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    with tempfile.TemporaryDirectory() as folder:
        recorded = Path(folder) / "recorded.jsonl"
        with recorded.open("wb") as lines:
            lines.writelines(frame + b"\n" for frame in recording.frames())
        playing = asyncio.create_task(play(recorded, address))
        sys.stdout.write(await address + "\n")
        sys.stdout.flush()
        await playing


def main() -> None:
    """Play as a process of its own: `python -m bench.recorded_stream --seconds 60`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=Recording.seconds)
    parser.add_argument("--rate", type=int, default=Recording.a_second)
    given = parser.parse_args()
    asyncio.run(_serve(Recording(given.seconds, given.rate)))


if __name__ == "__main__":
    main()
