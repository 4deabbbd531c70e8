"""A real HTTPS receiver of webhooks on loopback: verifies with the public library, and can be told to be difficult."""

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from tests.pipeline.kafka.authority import Pair


@dataclass
class Receiver:
    """What came, and how it answers a path. `answer` None: verify, and take what is signed."""

    secret: bytes
    tried: list[str] = field(default_factory=list)
    taken: list[dict[str, object]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    answer: Callable[[str], int | None] = lambda _: None
    slow: float = 0.0
    drip: bool = False
    hang_up_after_taking: int = 0
    elsewhere: str = ""
    url: str = ""

    def take(self, handler: BaseHTTPRequestHandler) -> int | None:
        """The status to answer with; None: hang up."""
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.raw.append(bytes(handler.headers) + body)
        self.tried.append(handler.headers["webhook-id"])
        if self.slow:
            time.sleep(self.slow)
        status = self.answer(handler.path)
        if status is not None:
            return status
        try:
            event = Webhook(self.secret).verify(body, dict(handler.headers))
        except WebhookVerificationError:
            return 400
        assert event == json.loads(body)
        self.taken.append(event)
        if self.hang_up_after_taking:
            self.hang_up_after_taking -= 1
            return None
        return 204


@contextmanager
def receiving(secret: bytes, pair: Pair, kind: type[Receiver] = Receiver) -> Iterator[Receiver]:
    """A receiver with this certificate, until the end of the block."""
    receiver = kind(secret)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status = receiver.take(self)
            if status is None:
                self.connection.close()
                return
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", receiver.elsewhere)
            while receiver.drip:
                self.wfile.write(b"X-More: and more\r\n")
                time.sleep(0.05)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is the library's)
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A caller that does not trust us hangs up; that is what is tried."""

    server = Quiet(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    receiver.url = f"https://127.0.0.1:{server.server_address[1]}/seinpost"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.drip = False
        server.shutdown()
        server.server_close()
        thread.join(5)
