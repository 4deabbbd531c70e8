"""A real Mastodon-compatible server on the loopback address: snac, with invented accounts that write by its own API.

It is built from Debian's source package `snac2`, checked by hash; `scripts/real_servers snac` brings it.
"""

import contextlib
import hashlib
import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import httpx

from pipeline.kafka.local_broker import free_port
from tests.collectors.real_servers.programs import answers, running
from tests.conftest import CACHE, missing

_RECIPE = Path(__file__).parent / "snac" / "sources.sha256"


@dataclass(frozen=True)
class Snac:
    """One server with its data; it answers while `running` is open, and keeps its posts between two times."""

    program: Path
    folder: Path
    port: int

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """The server from start to end of a block."""
        command = [str(self.program), "httpd", str(self.folder / "data")]
        # Without this machine's environment, so that it delivers its posts past no proxy and to nobody.
        with running(command, self.folder, answers(self.address), environment={}):
            yield

    def account(self, name: str) -> "Account":
        """A new account, made on the command line and signed in by the client API."""
        said = self.do("adduser", str(self.folder / "data"), name)
        word = next(line.split()[-1] for line in said.splitlines() if line.startswith("User password is "))
        told = httpx.post(
            f"{self.address}/oauth/x-snac-get-token", data={"login": name, "passwd": word}, trust_env=False
        )
        told.raise_for_status()
        return Account(self, name, word, told.text.strip())

    def make(self) -> None:
        """Lay down the data of an empty server."""
        place = f"127.0.0.1:{self.port}"
        self.do("init", str(self.folder / "data"), said=f"127.0.0.1\n{self.port}\n{place}\n\n\n")
        # Nothing here speaks TLS, and there is nobody to deliver to; it also asks itself, and needs threads for that.
        self.set("server.json", protocol="http", disable_inbox_collection=True, num_threads=16)

    def set(self, file: str, **settings: object) -> None:
        """Change settings in one of its files, as its manual says that an administrator does."""
        path = self.folder / "data" / file
        path.write_text(json.dumps({**json.loads(path.read_text()), **settings}))

    def do(self, *command: str, said: str = "") -> str:
        """One of its own commands."""
        whole = [str(self.program), *command]
        done = subprocess.run(whole, input=said, capture_output=True, text=True, check=True, env={})
        return done.stdout


@dataclass(frozen=True, repr=False)
class Account:
    """One invented account on it."""

    server: Snac
    name: str
    _word: str
    _key: str

    def write(self, text: str, **more: str) -> dict[str, object]:
        """Write a post; the answer is the status as the server shows it to its author."""
        return self._call("POST", "statuses", {"status": text, **more})

    def write_here(self, text: str) -> None:
        """Write a post on the command line, which is quicker."""
        self.server.do("note", str(self.server.folder / "data"), self.name, text)

    def edit(self, post: Mapping[str, object], text: str) -> None:
        """Put other words in a post."""
        self._call("PUT", f"statuses/{post['id']}", {"status": text})

    def boost(self, post: Mapping[str, object]) -> None:
        """Boost a post, on the command line: the API boosts what stands on one's own timeline only."""
        self.server.do("boost", str(self.server.folder / "data"), self.name, str(post["uri"]))

    def delete(self, post: Mapping[str, object]) -> None:
        """Take a post away: its API cannot, its own page can."""
        told = httpx.post(
            f"{self.server.address}/{self.name}/admin/action",
            data={"id": str(post["uri"]), "action": "Delete", "redir": "0"},
            auth=(self.name, self._word),
            trust_env=False,
        )
        assert told.status_code < 400, told.status_code

    def set(self, **settings: object) -> None:
        """Change settings of the account, and its name: the server keeps what it says of it until that changes."""
        self.server.set(f"user/{self.name}/user.json", **settings)
        self._call("PATCH", "accounts/update_credentials", {"display_name": self.name.title()})

    def upload(self, picture: bytes, alt: str) -> str:
        """Upload a picture with its alt text; the answer names it."""
        files = {"file": ("flyer.png", picture, "image/png")}
        return str(self._call("POST", "media", {"description": alt}, files=files)["id"])

    def _call(self, method: str, path: str, form: Mapping[str, str], **more: object) -> dict[str, object]:
        told = httpx.request(
            method,
            f"{self.server.address}/api/v1/{path}",
            data=dict(form),
            headers={"Authorization": f"Bearer {self._key}"},
            trust_env=False,
            **more,  # type: ignore[arg-type]  # what httpx takes
        )
        told.raise_for_status()
        return cast("dict[str, object]", told.json())


def snac(folder: Path) -> Snac:
    """An empty server that does not run yet."""
    program = CACHE / f"snac-{hashlib.sha256(_RECIPE.read_bytes()).hexdigest()[:16]}" / "snac"
    if not program.with_name("complete").exists():
        missing("the Mastodon-compatible server is not here: scripts/real_servers snac")
    made = Snac(program, folder, free_port())
    made.make()
    return made
