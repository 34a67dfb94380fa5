"""Serves the demonstration portal on loopback: `python -m crawler.demo.portal [--port N]`.

In tests and in `make demo` it is a context manager that remembers every request it saw,
so politeness can be checked from the server's side.
"""

from __future__ import annotations

import argparse
import contextlib
import socket
import sys
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from crawler.demo import dates
from crawler.demo.content import DemoArticle
from crawler.demo.pages import Visit
from crawler.demo.routes import Answer, Routes
from crawler.demo.site import Site, now

HOST = "127.0.0.1"
COOKIE = "nv4_sess"


@dataclass
class Request:
    """One request as the server saw it; `in_flight` counts those being answered then, itself included."""

    time: float
    method: str
    path: str
    user_agent: str
    had_cookie: bool
    in_flight: int
    status: int = 0


class DemoPortal:
    """The portal in a daemon thread; change `articles` while it runs to rehearse edits and withdrawals."""

    def __init__(self, port: int = 0) -> None:
        self._server = _Server((HOST, port), _Handler)
        self.url = f"http://{HOST}:{self._server.server_port}/"
        self._site = Site(self.url)
        self._server.routes = Routes(self._site)
        self._server.site = self._site
        self._thread: threading.Thread | None = None

    @property
    def requests(self) -> list[Request]:
        return self._server.requests

    @property
    def articles(self) -> dict[int, DemoArticle]:
        return self._site.articles

    def start(self) -> None:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Closes the port and the connections kept alive: after this nothing answers."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.server_close()

    def __enter__(self) -> DemoPortal:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    """Knows the site, what was asked and which connections are open."""

    request_queue_size = 64
    routes: Routes
    site: Site

    def __init__(self, *arguments: Any) -> None:
        self.requests: list[Request] = []
        self.lock = threading.Lock()
        self.busy = 0
        self._open: set[socket.socket] = set()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        super().server_close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A visitor who hangs up early is no news; anything else is a fault of ours and is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Speaks HTTP/1.1 as the CMS does: a session cookie, no validators, If-Modified-Since ignored."""

    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    server: _Server

    def do_GET(self) -> None:
        server = self.server
        cookie = self._cookie()
        with server.lock:
            server.busy += 1
            agent = self.headers.get("User-Agent", "")
            seen = Request(time.time(), self.command, self.path, agent, bool(cookie), server.busy)
            server.requests.append(seen)
        try:
            session = cookie or server.site.new_session()
            answer = server.routes.answer(self.path, Visit(session, server.site.count_fetch()))
            seen.status = answer.status
        finally:
            with server.lock:
                server.busy -= 1  # before the answer is sent: who has it may ask again at once
        self._send(answer, "" if cookie else session)

    do_HEAD = do_GET

    def _cookie(self) -> str:
        morsel = SimpleCookie(self.headers.get("Cookie", "")).get(COOKIE)
        return morsel.value if morsel else ""

    def _send(self, answer: Answer, new_session: str) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        if new_session:
            self.send_header("Set-Cookie", f"{COOKIE}={new_session}; path=/; HttpOnly")
        if answer.kind.startswith("text/html"):
            self.send_header("Last-Modified", dates.in_header(now() - timedelta(days=1)))
            self.send_header("Cache-Control", "no-store, no-cache, must-revalidate")
            self.send_header("Expires", "-1")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: what it saw stands in `DemoPortal.requests`."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Serve the demonstration portal until Ctrl-C.")
    parser.add_argument("--port", type=int, default=8080)
    port: int = parser.parse_args(arguments).port
    try:
        portal = DemoPortal(port)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        print(f"Cannot serve on port {port} ({reason}): choose another with --port N.", file=sys.stderr)
        return 1
    print(portal.url, flush=True)
    with portal, contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
