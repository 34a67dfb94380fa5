"""Who gets messages, on loopback: a webhook, a mail server, and whom a heartbeat is for."""

from __future__ import annotations

import email
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from tests.small_server import Handler, SmallServer


@dataclass
class Hook:
    """A webhook: what came, and with which status the next requests are answered (200 when the list is empty).

    `then` is called when a message has come, before it is answered.
    """

    url: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    then: Callable[[], None] = lambda: None


@contextmanager
def hook() -> Iterator[Hook]:
    """A webhook for the length of the block; `url` is its address for apprise."""
    seen = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status = seen.statuses.pop(0) if seen.statuses else 200
            if status == 200:
                seen.messages.append(body)
                seen.then()
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    seen.url = f"json://operator:hush-hush@127.0.0.1:{server.server_port}/hook"
    try:
        yield seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Mailbox:
    """A mail server: its port, and the letters that came."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
        """Called by aiosmtpd for each letter."""
        letter = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"


@contextmanager
def mailbox(port: int) -> Iterator[Mailbox]:
    """A mail server on a port of 127.0.0.1 for the length of the block."""
    box = Mailbox(port)
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


class Pulse(SmallServer):
    """A service that waits for heartbeats: which paths were asked for; `status` is its answer."""

    def __init__(self) -> None:
        self.beats: list[str] = []
        self.status = 200
        super().__init__(_Pulse)
        self.url = f"{self.origin}/ping/a-secret-word"


class _Pulse(Handler):
    portal: Pulse

    def do_GET(self) -> None:
        self.portal.beats.append(self.path)
        self.send_response(self.portal.status)
        self.send_header("content-length", "0")
        self.end_headers()
