"""A real web server on the loopback address whose pages a test sets, and which remembers what was asked."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Page:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Stream:
    """A body that comes in pieces and whose length is told wrongly or not at all."""

    pieces: Callable[[], Iterator[bytes]]
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


Answer = Page | Stream | Callable[[Mapping[str, str]], Page | Stream]


@dataclass
class Site:
    """The pages by path, and the requests in order."""

    address: str
    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    sent: int = 0

    def count(self, path: str) -> int:
        return self.asked.count(path)


@contextmanager
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            served.asked.append(self.path)
            served.headers.append({name.lower(): value for name, value in self.headers.items()})
            found = served.pages.get(self.path) or served.pages.get(self.path.split("?")[0], Page(404, b"niets"))
            page = found if isinstance(found, (Page, Stream)) else found(served.headers[-1])
            self.send_response(page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            if isinstance(page, Page):
                self.send_header("Content-Length", str(len(page.body)))
            else:
                self.close_connection = True
            self.end_headers()
            try:
                for piece in [page.body] if isinstance(page, Page) else page.pieces():
                    self.wfile.write(piece)
                    served.sent += len(piece)
            except OSError:
                self.close_connection = True

        def do_POST(self) -> None:
            served.forms.append(self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode())
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the library's
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Site(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
